DROP TRIGGER expenditure_reports_begin_open;
DROP TRIGGER expenditure_reports_within_paid;
DROP TABLE ledger_entries;
