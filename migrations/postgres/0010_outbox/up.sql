-- What is to leave the program after commit, and who of several instances does what is done by one at a time.

CREATE TABLE leases (
    name       TEXT PRIMARY KEY NOT NULL,
    holder     TEXT NOT NULL,
    -- Grows with each change of the holder: work of an earlier holder can be told from that of the present one.
    token      BIGINT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE outbox_messages (
    -- The order in which messages were queued; of one record that is the order of its changes.
    position        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    topic           TEXT NOT NULL,
    record_key      TEXT NOT NULL,
    -- JSON; wiped when the message is sent or given up, since it may hold secrets.
    payload         TEXT,
    status          TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'dead')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    created_at      TIMESTAMP NOT NULL,
    due_at          TIMESTAMP NOT NULL,
    last_attempt_at TIMESTAMP,
    last_error      TEXT,
    finished_at     TIMESTAMP,
    CHECK ((status = 'pending') = (payload IS NOT NULL))
);
CREATE INDEX outbox_messages_due ON outbox_messages (topic, due_at, position) WHERE status = 'pending';
CREATE INDEX outbox_messages_in_line ON outbox_messages (topic, record_key, position) WHERE status = 'pending';
CREATE INDEX outbox_messages_by_status ON outbox_messages (status, position);
CREATE INDEX outbox_messages_by_topic ON outbox_messages (topic, status, position);
CREATE INDEX outbox_messages_finished ON outbox_messages (finished_at) WHERE status <> 'pending';
