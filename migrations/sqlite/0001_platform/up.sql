-- What every slice leans on: answers kept for retries, and the audit trail.

CREATE TABLE idempotency_keys (
    principal      TEXT NOT NULL,
    method         TEXT NOT NULL,
    route          TEXT NOT NULL,
    key            TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    status         INTEGER NOT NULL,
    location       TEXT,
    etag           TEXT,
    body           TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    PRIMARY KEY (principal, method, route, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE audit_entries (
    id            TEXT PRIMARY KEY NOT NULL,
    at            TIMESTAMP NOT NULL,
    actor_id      TEXT,
    operation     TEXT NOT NULL,
    record_type   TEXT NOT NULL,
    record_id     TEXT NOT NULL,
    request_id    TEXT NOT NULL,
    address       TEXT,
    before_sha256 TEXT,
    after_sha256  TEXT
);
CREATE INDEX audit_entries_by_record ON audit_entries (record_type, record_id, at, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, at, id);
CREATE INDEX audit_entries_by_operation ON audit_entries (operation, at, id);
CREATE INDEX audit_entries_by_time ON audit_entries (at, id);

CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER audit_entries_no_replace BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END;
