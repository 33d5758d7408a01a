DROP TRIGGER expenditure_reports_within_paid ON expenditure_reports;
DROP FUNCTION guard_accepted_expenditure();
DROP TABLE ledger_entries;
DROP FUNCTION guard_ledger();
