DROP TABLE final_reports;
DROP TABLE milestones;
DROP TABLE plans;
