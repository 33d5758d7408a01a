-- The words that people are found by: those of their names. Their addresses are not for everyone to know.
CREATE TABLE user_words (
    number INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
CREATE VIRTUAL TABLE user_search USING fts5 (
    body, content = 'user_words', content_rowid = 'number', columnsize = 0,
    prefix = '1 2 3 4',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE TRIGGER user_words_added AFTER INSERT ON user_words
BEGIN INSERT INTO user_search (rowid, body) VALUES (NEW.number, NEW.body); END;
CREATE TRIGGER user_words_removed AFTER DELETE ON user_words
BEGIN INSERT INTO user_search (user_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END;
CREATE TRIGGER user_words_changed AFTER UPDATE ON user_words
BEGIN
    INSERT INTO user_search (user_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
    INSERT INTO user_search (rowid, body) VALUES (NEW.number, NEW.body);
END;

-- The service account whose key made an endpoint; NULL: a person did. It ends with that, and sees no more than its keys.
ALTER TABLE webhook_endpoints ADD COLUMN service_account_id TEXT REFERENCES service_accounts (id);
-- The administrator who disabled it; NULL: nobody did. Only an administrator enables it again.
ALTER TABLE webhook_endpoints ADD COLUMN disabled_by TEXT REFERENCES users (id);
-- Until now only the audit trail knew.
UPDATE webhook_endpoints SET service_account_id = (
    SELECT audit_entries.service_account_id FROM audit_entries
    WHERE audit_entries.record_type = 'webhook_endpoint' AND audit_entries.record_id = webhook_endpoints.id
        AND audit_entries.operation = 'create_webhook_endpoint' AND audit_entries.service_account_id IS NOT NULL
    LIMIT 1
);
UPDATE webhook_endpoints SET status = 'disabled', status_reason = 'The service account was revoked.', version = version + 1
WHERE status <> 'disabled' AND service_account_id IN (SELECT id FROM service_accounts WHERE status = 'revoked');
CREATE INDEX webhook_endpoints_by_service_account ON webhook_endpoints (service_account_id);
CREATE INDEX webhook_endpoints_by_status ON webhook_endpoints (status, id);
