DROP INDEX audit_entries_by_service_account;
ALTER TABLE audit_entries DROP COLUMN service_account_id;
DROP TABLE api_keys;
DROP TABLE service_accounts;
