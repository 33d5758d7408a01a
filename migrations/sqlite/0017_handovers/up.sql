-- Handing a pilot over, who came and went in its team, and the order of everything that happened to it.

CREATE TABLE pilot_handovers (
    id                   TEXT PRIMARY KEY NOT NULL,
    pilot_id             TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    from_user_id         TEXT NOT NULL REFERENCES users (id),
    to_user_id           TEXT NOT NULL REFERENCES users (id),
    -- The owner, or an officer on behalf of an owner who has left.
    offered_by           TEXT NOT NULL REFERENCES users (id),
    previous_owner_stays BOOLEAN NOT NULL,
    reason               TEXT,
    status               TEXT NOT NULL CHECK (status IN ('offered', 'accepted', 'declined', 'withdrawn', 'expired',
                             'lapsed')),
    expires_at           TIMESTAMP NOT NULL,
    answered_at          TIMESTAMP,
    answered_by          TEXT REFERENCES users (id),
    answer_reason        TEXT,
    version              BIGINT NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    updated_at           TIMESTAMP NOT NULL,
    CHECK (from_user_id <> to_user_id),
    CHECK (offered_by <> to_user_id),
    CHECK (offered_by = from_user_id OR reason IS NOT NULL),
    CHECK (status <> 'accepted' OR answered_by = to_user_id),
    CHECK ((status = 'offered') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX pilot_handovers_one_open ON pilot_handovers (pilot_id) WHERE status = 'offered';
CREATE INDEX pilot_handovers_by_pilot ON pilot_handovers (pilot_id, id);
CREATE INDEX pilot_handovers_by_receiver ON pilot_handovers (to_user_id, id);

CREATE TABLE pilot_team_changes (
    id       TEXT PRIMARY KEY NOT NULL,
    pilot_id TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL REFERENCES users (id),
    change   TEXT NOT NULL CHECK (change IN ('joined', 'left', 'role_changed')),
    role     TEXT NOT NULL CHECK (role IN ('owner', 'deputy', 'member')),
    -- NULL: known from before such changes were kept.
    actor_id TEXT REFERENCES users (id),
    at       TIMESTAMP NOT NULL
);

-- Each range of a timeline in its order.
CREATE INDEX pilot_team_changes_in_time ON pilot_team_changes (pilot_id, at, id);
CREATE INDEX pilot_transitions_in_time ON pilot_transitions (pilot_id, at, id);
CREATE INDEX plans_submitted_in_time ON plans (pilot_id, submitted_at, id);
CREATE INDEX plans_locked_in_time ON plans (pilot_id, locked_at, id);
CREATE INDEX gate_decisions_in_time ON gate_decisions (pilot_id, decided_at, id);
CREATE INDEX gate_decisions_confirmed_in_time ON gate_decisions (pilot_id, confirmed_at, id);
CREATE INDEX tcv_measurements_submitted_in_time ON tcv_measurements (pilot_id, submitted_at, id);
CREATE INDEX tcv_measurements_verified_in_time ON tcv_measurements (pilot_id, verified_at, id);
CREATE INDEX pilot_handovers_in_time ON pilot_handovers (pilot_id, created_at, id);
CREATE INDEX pilot_handovers_answered_in_time ON pilot_handovers (pilot_id, answered_at, id);

INSERT INTO pilot_team_changes (id, pilot_id, user_id, change, role, actor_id, at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
    || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), pilot_id, user_id, 'joined', role, NULL, added_at
FROM pilot_members;
INSERT INTO pilot_team_changes (id, pilot_id, user_id, change, role, actor_id, at)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
    || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), pilot_id, user_id, 'left', role, NULL, left_at
FROM pilot_members WHERE left_at IS NOT NULL;

CREATE TRIGGER pilot_team_changes_no_update BEFORE UPDATE ON pilot_team_changes
BEGIN SELECT RAISE(ABORT, 'pilot_team_changes is append-only'); END;
