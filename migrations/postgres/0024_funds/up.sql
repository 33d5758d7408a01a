-- A fund: capital that rounds are given out of. What it holds is the last line of its ledger.
CREATE TABLE funds (
    id             TEXT PRIMARY KEY NOT NULL,
    name_bn        TEXT,
    name_en        TEXT,
    description_bn TEXT,
    description_en TEXT,
    status         TEXT NOT NULL CHECK (status IN ('active', 'closed')),
    -- Why it was closed or opened again.
    status_reason  TEXT,
    created_by     TEXT NOT NULL REFERENCES users (id),
    version        BIGINT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);

-- A call for requests. All that it asks and allows is data.
CREATE TABLE funding_rounds (
    id                    TEXT PRIMARY KEY NOT NULL,
    fund_id               TEXT NOT NULL REFERENCES funds (id),
    number                INTEGER NOT NULL CHECK (number >= 1),
    theme_bn              TEXT,
    theme_en              TEXT,
    description_bn        TEXT,
    description_en        TEXT,
    status                TEXT NOT NULL
        CHECK (status IN ('forecast', 'open', 'closed', 'deciding', 'decided', 'archived')),
    opens_at              TIMESTAMP NOT NULL,
    closes_at             TIMESTAMP NOT NULL,
    -- Nobody but the applicants sees a request before the round is closed.
    is_sealed             BOOLEAN NOT NULL,
    smallest_award        BIGINT NOT NULL CHECK (smallest_award > 0),
    largest_award         BIGINT NOT NULL,
    -- An award above this needs two approvers.
    two_approvers_above   BIGINT NOT NULL CHECK (two_approvers_above >= 0),
    minimum_reviewers     INTEGER NOT NULL CHECK (minimum_reviewers BETWEEN 1 AND 10),
    panel_quorum          INTEGER NOT NULL CHECK (panel_quorum BETWEEN 1 AND 50),
    -- Reviews whose scores lie further apart than so many hundredths of a percent are flagged.
    spread_threshold      INTEGER NOT NULL CHECK (spread_threshold BETWEEN 0 AND 10000),
    rubric                TEXT NOT NULL,
    eligibility_rules     TEXT NOT NULL,
    -- Percent of a tranche that has to be spent before the next one is paid.
    minimum_utilisation   INTEGER NOT NULL CHECK (minimum_utilisation BETWEEN 0 AND 100),
    most_tranches         INTEGER NOT NULL CHECK (most_tranches BETWEEN 1 AND 20),
    -- An award without a signed agreement lapses so many days after the release.
    agreement_within_days INTEGER NOT NULL CHECK (agreement_within_days BETWEEN 1 AND 365),
    release_on            DATE NOT NULL,
    released_at           TIMESTAMP,
    released_by           TEXT REFERENCES users (id),
    created_by            TEXT NOT NULL REFERENCES users (id),
    version               BIGINT NOT NULL,
    created_at            TIMESTAMP NOT NULL,
    updated_at            TIMESTAMP NOT NULL,
    CHECK (theme_bn IS NOT NULL OR theme_en IS NOT NULL),
    CHECK (closes_at > opens_at),
    CHECK (largest_award >= smallest_award),
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX funding_rounds_by_fund ON funding_rounds (fund_id, number);
CREATE INDEX funding_rounds_in_order ON funding_rounds (fund_id, id);
CREATE INDEX funding_rounds_by_status ON funding_rounds (status, id);

-- A later closing date, for ever with its reason.
CREATE TABLE round_extensions (
    id             TEXT PRIMARY KEY NOT NULL,
    round_id       TEXT NOT NULL REFERENCES funding_rounds (id),
    from_closes_at TIMESTAMP NOT NULL,
    to_closes_at   TIMESTAMP NOT NULL CHECK (to_closes_at > from_closes_at),
    reason         TEXT NOT NULL,
    extended_by    TEXT NOT NULL REFERENCES users (id),
    created_at     TIMESTAMP NOT NULL
);
CREATE INDEX round_extensions_by_round ON round_extensions (round_id, id);

-- The minutes of a meeting of the panel; a correction is another row.
CREATE TABLE panel_meetings (
    id         TEXT PRIMARY KEY NOT NULL,
    round_id   TEXT NOT NULL REFERENCES funding_rounds (id),
    held_on    DATE NOT NULL,
    attendees  TEXT NOT NULL,
    minutes_bn TEXT,
    minutes_en TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    CHECK (minutes_bn IS NOT NULL OR minutes_en IS NOT NULL)
);
CREATE INDEX panel_meetings_by_round ON panel_meetings (round_id, id);

-- The last number given out in each year, for SIF-2026-00042.
CREATE TABLE funding_references (
    year        INTEGER PRIMARY KEY NOT NULL,
    last_number BIGINT NOT NULL
);

-- Locked on PostgreSQL by each step that moves money, before it takes its snapshot; SQLite has one writer anyway.
CREATE TABLE money_turns (
    name TEXT NOT NULL
);

-- A round stays with its fund, whose ledger counts it.
CREATE FUNCTION guard_funding_rounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a round stays with its fund';
END $$;
CREATE TRIGGER funding_rounds_stay BEFORE UPDATE ON funding_rounds
FOR EACH ROW WHEN (NEW.fund_id <> OLD.fund_id) EXECUTE FUNCTION guard_funding_rounds();

CREATE FUNCTION refuse_change_of_funding_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of funding is never changed';
END $$;
CREATE TRIGGER round_extensions_not_changed BEFORE UPDATE OR DELETE ON round_extensions
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
CREATE TRIGGER panel_meetings_not_changed BEFORE UPDATE OR DELETE ON panel_meetings
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
