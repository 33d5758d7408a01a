DROP TABLE final_reports;
DROP TABLE milestones;
DROP TABLE plans;
DROP FUNCTION refuse_milestone_change();
DROP FUNCTION refuse_plan_change();
