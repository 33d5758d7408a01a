-- Decisions at the two gates, each with the conditions as they stood when it was taken.

CREATE TABLE gate_decisions (
    id           TEXT PRIMARY KEY NOT NULL,
    pilot_id     TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    gate         TEXT NOT NULL CHECK (gate IN ('execution', 'celebration')),
    outcome      TEXT NOT NULL CHECK (outcome IN ('pass', 'refuse')),
    status       TEXT NOT NULL CHECK (status IN ('proposed', 'confirmed', 'rejected', 'withdrawn')),
    reason       TEXT,
    conditions   TEXT NOT NULL,
    waivers      TEXT NOT NULL,
    plan_id      TEXT REFERENCES plans (id),
    decided_by   TEXT NOT NULL REFERENCES users (id),
    decided_at   TIMESTAMP NOT NULL,
    confirmed_by TEXT REFERENCES users (id),
    confirmed_at TIMESTAMP,
    confirmation_reason TEXT,
    version      BIGINT NOT NULL,
    CHECK (confirmed_by IS NULL OR confirmed_by <> decided_by OR status = 'withdrawn')
);
CREATE INDEX gate_decisions_by_pilot ON gate_decisions (pilot_id, id);
CREATE UNIQUE INDEX gate_decisions_one_open ON gate_decisions (pilot_id, gate) WHERE status = 'proposed';
