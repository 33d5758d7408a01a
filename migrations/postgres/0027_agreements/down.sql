DROP TABLE tranche_transitions;
DROP TRIGGER attachments_of_expenditure_reports ON expenditure_reports;
DROP TRIGGER attachments_of_funding_requests ON funding_requests;
DELETE FROM attachments WHERE parent_kind IN ('funding_request', 'expenditure_report');
DELETE FROM attachment_parents WHERE kind IN ('funding_request', 'expenditure_report');
