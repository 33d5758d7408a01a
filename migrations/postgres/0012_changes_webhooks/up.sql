-- The feed of changes, in the order in which they were sealed, and the webhooks that follow it.

CREATE TABLE changes (
    -- The entry's place in the audit chain: given after the commit, without a gap.
    position     BIGINT PRIMARY KEY,
    entry_id     TEXT NOT NULL UNIQUE,
    record_type  TEXT NOT NULL,
    record_id    TEXT NOT NULL,
    subject_type TEXT,
    subject_id   TEXT,
    action       TEXT NOT NULL,
    version      BIGINT,
    at           TIMESTAMP NOT NULL,
    actor_id     TEXT
);
CREATE INDEX changes_by_record_type ON changes (record_type, position);

CREATE TABLE webhook_endpoints (
    id                  TEXT PRIMARY KEY NOT NULL,
    owner_id            TEXT NOT NULL REFERENCES users (id),
    url                 TEXT NOT NULL,
    description         TEXT,
    -- A JSON list; empty is all.
    record_types        TEXT NOT NULL,
    status              TEXT NOT NULL CHECK (status IN ('active', 'paused', 'disabled')),
    status_reason       TEXT,
    -- Not the secrets: they are derived from these and a key of the server.
    secret_salt         TEXT NOT NULL,
    -- Signs beside the new one until its time is over.
    old_secret_salt     TEXT,
    old_secret_until    TIMESTAMP,
    -- Changes after this position are sent.
    start_position      BIGINT NOT NULL,
    failing_since       TIMESTAMP,
    version             BIGINT NOT NULL,
    created_at          TIMESTAMP NOT NULL,
    updated_at          TIMESTAMP NOT NULL
);
CREATE INDEX webhook_endpoints_by_owner ON webhook_endpoints (owner_id, id);
CREATE INDEX webhook_endpoints_active ON webhook_endpoints (id) WHERE status = 'active';

-- One change for one endpoint, or a test.
CREATE TABLE webhook_deliveries (
    id            TEXT PRIMARY KEY NOT NULL,
    endpoint_id   TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    -- NULL: a test.
    position      BIGINT,
    status        TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'skipped')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    TIMESTAMP NOT NULL,
    finished_at   TIMESTAMP
);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (endpoint_id, status, id);
CREATE INDEX webhook_deliveries_finished ON webhook_deliveries (finished_at);

CREATE TABLE webhook_attempts (
    delivery_id   TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    at            TIMESTAMP NOT NULL,
    -- NULL: there was no answer.
    http_status   INTEGER,
    milliseconds  INTEGER NOT NULL,
    error         TEXT,
    response      TEXT,
    PRIMARY KEY (delivery_id, number)
);

-- How far the changes have been turned into deliveries.
CREATE TABLE webhook_progress (
    name     TEXT PRIMARY KEY NOT NULL,
    position BIGINT NOT NULL
);
INSERT INTO webhook_progress (name, position) VALUES ('changes', 0);
