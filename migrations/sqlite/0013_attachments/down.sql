DROP TRIGGER attachments_of_measurements;
DROP TRIGGER attachments_of_plans;
DROP TRIGGER attachments_of_pilots;
DROP TABLE attachments;
DROP TABLE attachment_parents;
