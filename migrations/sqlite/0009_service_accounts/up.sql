-- Programs that act for a person, and the keys by which they do.

CREATE TABLE service_accounts (
    id            TEXT PRIMARY KEY NOT NULL,
    owner_id      TEXT NOT NULL REFERENCES users (id),
    name          TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    -- Its last day, in Dhaka.
    ends_on       DATE NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
    status_reason TEXT,
    version       BIGINT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL
);
CREATE INDEX service_accounts_by_owner ON service_accounts (owner_id, id);
CREATE INDEX service_accounts_by_status ON service_accounts (status, id);
CREATE INDEX service_accounts_by_owner_and_status ON service_accounts (owner_id, status, id);

CREATE TABLE api_keys (
    id                 TEXT PRIMARY KEY NOT NULL,
    service_account_id TEXT NOT NULL REFERENCES service_accounts (id),
    -- What people tell it by; the key itself is kept as SHA-256 only.
    prefix             TEXT NOT NULL,
    key_sha256         TEXT NOT NULL UNIQUE,
    -- Its last day, in Dhaka.
    expires_on         DATE NOT NULL,
    last_used_at       TIMESTAMP,
    revoked_at         TIMESTAMP,
    created_at         TIMESTAMP NOT NULL
);
CREATE INDEX api_keys_by_service_account ON api_keys (service_account_id, id);

-- Which program did it in the person's name; NULL: the person.
ALTER TABLE audit_entries ADD COLUMN service_account_id TEXT;
CREATE INDEX audit_entries_by_service_account ON audit_entries (service_account_id, at, id);
