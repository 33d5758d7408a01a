-- Pilots that may be one and the same, and what they are found by.

-- A pair is kept with the pilot that was handed in later. accepted: it is a duplicate; lapsed: no longer alike, or the
-- other pilot has come to its end.
CREATE TABLE pilot_duplicates (
    id              TEXT PRIMARY KEY NOT NULL,
    pilot_id        TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    other_id        TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    score           INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
    shared_words    TEXT NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('open', 'dismissed', 'accepted', 'lapsed')),
    proposal        TEXT CHECK (proposal IN ('dismiss', 'accept')),
    proposal_reason TEXT,
    proposed_by     TEXT REFERENCES users (id),
    proposed_at     TIMESTAMP,
    decided_by      TEXT REFERENCES users (id),
    decided_at      TIMESTAMP,
    reason          TEXT,
    version         BIGINT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    CHECK (pilot_id <> other_id),
    CHECK (status <> 'dismissed' OR (reason IS NOT NULL AND decided_by IS NOT NULL))
);
CREATE UNIQUE INDEX pilot_duplicates_pair ON pilot_duplicates (pilot_id, other_id);
CREATE INDEX pilot_duplicates_by_pilot ON pilot_duplicates (pilot_id, id);
CREATE INDEX pilot_duplicates_by_other ON pilot_duplicates (other_id, pilot_id);

CREATE INDEX pilots_by_survivor ON pilots (merged_into_id, id) WHERE merged_into_id IS NOT NULL;

-- Digests of combinations of words: two pilots that share one may be alike. Some fifty a pilot, of those that were
-- handed in and have not come to an end without being carried out.
CREATE TABLE pilot_shingles (
    shingle  BIGINT NOT NULL,
    pilot_id TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    PRIMARY KEY (shingle, pilot_id)
)
WITHOUT ROWID;
CREATE INDEX pilot_shingles_by_pilot ON pilot_shingles (pilot_id);

-- Open is what stands in the way of acceptance: not decided, or decided to be a duplicate and not merged yet.
CREATE TRIGGER pilot_duplicates_counted AFTER INSERT ON pilot_duplicates WHEN NEW.status IN ('open', 'accepted')
BEGIN
    INSERT INTO pilot_tallies (pilot_id, open_duplicates) VALUES (NEW.pilot_id, 1)
    ON CONFLICT (pilot_id) DO UPDATE SET open_duplicates = open_duplicates + 1;
END;
CREATE TRIGGER pilot_duplicates_recounted AFTER UPDATE OF status ON pilot_duplicates
WHEN (NEW.status IN ('open', 'accepted')) <> (OLD.status IN ('open', 'accepted'))
BEGIN
    UPDATE pilot_tallies
    SET open_duplicates = open_duplicates + CASE WHEN NEW.status IN ('open', 'accepted') THEN 1 ELSE -1 END
    WHERE pilot_id = NEW.pilot_id;
END;
