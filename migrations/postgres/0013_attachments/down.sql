DROP TRIGGER attachments_of_measurements ON tcv_measurements;
DROP TRIGGER attachments_of_plans ON plans;
DROP TRIGGER attachments_of_pilots ON pilots;
DROP TABLE attachments;
DROP TABLE attachment_parents;
DROP FUNCTION attachments_frozen;
DROP FUNCTION attachments_follow;
