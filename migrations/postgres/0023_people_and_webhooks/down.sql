DROP INDEX webhook_endpoints_by_status;
DROP INDEX webhook_endpoints_by_service_account;
ALTER TABLE webhook_endpoints DROP COLUMN disabled_by;
ALTER TABLE webhook_endpoints DROP COLUMN service_account_id;
DROP TABLE user_words;
