-- The pilot, its team, what it can be found by, and its history.

CREATE TABLE pilots (
    id                   TEXT PRIMARY KEY NOT NULL,
    reference            TEXT UNIQUE,
    title_bn             TEXT,
    title_en             TEXT,
    summary_bn           TEXT,
    summary_en           TEXT,
    problem_bn           TEXT,
    problem_en           TEXT,
    proposed_change_bn   TEXT,
    proposed_change_en   TEXT,
    citizen_group_bn     TEXT,
    citizen_group_en     TEXT,
    underserved          TEXT NOT NULL,
    service_id           TEXT REFERENCES services (id),
    sector_code          TEXT,
    districts            TEXT NOT NULL,
    sdg_targets          TEXT NOT NULL,
    tags                 TEXT NOT NULL,
    origin               TEXT NOT NULL CHECK (origin IN ('empathy_visit', 'citizen_feedback', 'circle', 'training',
                             'replication', 'own_idea')),
    owner_id             TEXT NOT NULL REFERENCES users (id),
    deputy_id            TEXT REFERENCES users (id),
    organisation_id      TEXT NOT NULL REFERENCES organisations (id),
    phase                TEXT NOT NULL CHECK (phase IN ('initiation', 'execution', 'celebration')),
    -- showcased and closed are reached once events and scale-up exist.
    status               TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'screening', 'changes_requested',
                             'rejected', 'merged', 'withdrawn', 'design', 'in_execution', 'on_hold', 'discontinued',
                             'completed', 'showcased', 'closed')),
    -- is_listed: accepted once, so every logged-in user sees it. is_public: published, so anyone does.
    is_listed            BOOLEAN NOT NULL,
    is_public            BOOLEAN NOT NULL,
    screener_id          TEXT REFERENCES users (id),
    changes_due_on       DATE,
    review_on            DATE,
    merged_into_id       TEXT REFERENCES pilots (id),
    lessons              TEXT,
    submitted_at         TIMESTAMP,
    screening_at         TIMESTAMP,
    initiated_at         TIMESTAMP,
    execution_at         TIMESTAMP,
    completed_at         TIMESTAMP,
    ended_at             TIMESTAMP,
    published_at         TIMESTAMP,
    version              BIGINT NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    updated_at           TIMESTAMP NOT NULL,
    CHECK (title_bn IS NOT NULL OR title_en IS NOT NULL),
    CHECK (is_listed = (initiated_at IS NOT NULL)),
    CHECK (is_listed OR NOT is_public)
);
-- Each offered order, for each audience, behind each filter on the row itself: a list never sorts.
CREATE INDEX pilots_all_recent ON pilots (updated_at, id);
CREATE INDEX pilots_by_status ON pilots (status, id);
CREATE INDEX pilots_by_status_recent ON pilots (status, updated_at, id);
CREATE INDEX pilots_by_phase ON pilots (phase, id);
CREATE INDEX pilots_by_phase_recent ON pilots (phase, updated_at, id);
CREATE INDEX pilots_listed_all ON pilots (id) WHERE is_listed;
CREATE INDEX pilots_listed_all_recent ON pilots (updated_at, id) WHERE is_listed;
CREATE INDEX pilots_listed_by_status ON pilots (status, id) WHERE is_listed;
CREATE INDEX pilots_listed_by_status_recent ON pilots (status, updated_at, id) WHERE is_listed;
CREATE INDEX pilots_listed_by_phase ON pilots (phase, id) WHERE is_listed;
CREATE INDEX pilots_listed_by_phase_recent ON pilots (phase, updated_at, id) WHERE is_listed;
CREATE INDEX pilots_public_all ON pilots (id) WHERE is_public;
CREATE INDEX pilots_public_all_recent ON pilots (updated_at, id) WHERE is_public;
CREATE INDEX pilots_public_by_status ON pilots (status, id) WHERE is_public;
CREATE INDEX pilots_public_by_status_recent ON pilots (status, updated_at, id) WHERE is_public;
CREATE INDEX pilots_public_by_phase ON pilots (phase, id) WHERE is_public;
CREATE INDEX pilots_public_by_phase_recent ON pilots (phase, updated_at, id) WHERE is_public;

CREATE TABLE pilot_members (
    pilot_id TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL REFERENCES users (id),
    role     TEXT NOT NULL CHECK (role IN ('owner', 'deputy', 'member')),
    added_at TIMESTAMP NOT NULL,
    -- Who left stays on record: having been in the team bars from judging its pilot for ever.
    left_at  TIMESTAMP,
    PRIMARY KEY (pilot_id, user_id)
);
CREATE INDEX pilot_members_by_user ON pilot_members (user_id, pilot_id);
CREATE UNIQUE INDEX pilot_members_one_owner ON pilot_members (pilot_id) WHERE role = 'owner';
CREATE UNIQUE INDEX pilot_members_one_deputy ON pilot_members (pilot_id) WHERE role = 'deputy' AND left_at IS NULL;

-- Everything else a pilot is filtered by, one row a value. Carries the pilot's updated_at so that a filtered list
-- in that order reads an index too; the trigger below keeps the copy true.
CREATE TABLE pilot_facets (
    kind             TEXT NOT NULL CHECK (kind IN ('sector', 'service', 'organisation', 'owner', 'member', 'division',
                         'district', 'sdg_goal', 'sdg_target', 'tag')),
    value            TEXT NOT NULL,
    pilot_id         TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    pilot_updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, value, pilot_id)
);
CREATE INDEX pilot_facets_recent ON pilot_facets (kind, value, pilot_updated_at, pilot_id);
CREATE INDEX pilot_facets_by_pilot ON pilot_facets (pilot_id);
CREATE TRIGGER pilot_facets_follow AFTER UPDATE OF updated_at ON pilots WHEN NEW.updated_at <> OLD.updated_at
BEGIN UPDATE pilot_facets SET pilot_updated_at = NEW.updated_at WHERE pilot_id = NEW.id; END;

-- The text arrives as words already cut by the server, so the tokenizer only has to split at spaces.
CREATE VIRTUAL TABLE pilot_search USING fts5 (
    pilot_id UNINDEXED, body,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);

CREATE TABLE pilot_transitions (
    id          TEXT PRIMARY KEY NOT NULL,
    pilot_id    TEXT NOT NULL,
    command     TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    actor_id    TEXT NOT NULL REFERENCES users (id),
    reason_code TEXT,
    reason      TEXT,
    at          TIMESTAMP NOT NULL
);
CREATE INDEX pilot_transitions_by_pilot ON pilot_transitions (pilot_id, id);

CREATE TRIGGER pilot_transitions_no_update BEFORE UPDATE ON pilot_transitions
BEGIN SELECT RAISE(ABORT, 'pilot_transitions is append-only'); END;
CREATE TRIGGER pilot_transitions_no_delete BEFORE DELETE ON pilot_transitions
BEGIN SELECT RAISE(ABORT, 'pilot_transitions is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER pilot_transitions_no_replace BEFORE INSERT ON pilot_transitions
WHEN EXISTS (SELECT 1 FROM pilot_transitions WHERE id = NEW.id OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'pilot_transitions is append-only'); END;

-- The last number given out in each year, for PIL-2026-00042.
CREATE TABLE pilot_references (
    year        INTEGER PRIMARY KEY NOT NULL,
    last_number BIGINT NOT NULL
);
