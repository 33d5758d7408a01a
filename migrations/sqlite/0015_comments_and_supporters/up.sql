-- What people say of a pilot, and who stands behind it.

CREATE TABLE pilot_comments (
    id              TEXT PRIMARY KEY NOT NULL,
    pilot_id        TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    -- The pilot it was written on, when that one was merged into pilot_id since.
    origin_pilot_id TEXT,
    author_id       TEXT NOT NULL REFERENCES users (id),
    -- Written before the pilot was accepted: for its team and for staff, for ever.
    is_internal     BOOLEAN NOT NULL,
    text_bn         TEXT,
    text_en         TEXT,
    status          TEXT NOT NULL CHECK (status IN ('visible', 'retracted', 'hidden')),
    hidden_by       TEXT REFERENCES users (id),
    hidden_reason   TEXT,
    version         BIGINT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    -- What was retracted is gone; what was hidden is not.
    CHECK ((status = 'retracted') = (text_bn IS NULL AND text_en IS NULL)),
    CHECK ((status = 'hidden') = (hidden_by IS NOT NULL)),
    CHECK ((status = 'hidden') = (hidden_reason IS NOT NULL))
);
CREATE INDEX pilot_comments_by_pilot ON pilot_comments (pilot_id, id);
CREATE INDEX pilot_comments_open ON pilot_comments (pilot_id, id) WHERE NOT is_internal;

CREATE TABLE pilot_supporters (
    pilot_id        TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL REFERENCES users (id),
    origin_pilot_id TEXT,
    supported_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (pilot_id, user_id)
);
CREATE INDEX pilot_supporters_recent ON pilot_supporters (pilot_id, supported_at, user_id);

-- Numbers that are shown with a pilot, counted by the triggers, so that no writer can forget one and no reader counts.
CREATE TABLE pilot_tallies (
    pilot_id        TEXT PRIMARY KEY NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    supporters      BIGINT NOT NULL DEFAULT 0 CHECK (supporters >= 0),
    open_duplicates BIGINT NOT NULL DEFAULT 0 CHECK (open_duplicates >= 0)
);
CREATE TRIGGER pilot_supporters_counted AFTER INSERT ON pilot_supporters
BEGIN
    INSERT INTO pilot_tallies (pilot_id, supporters) VALUES (NEW.pilot_id, 1)
    ON CONFLICT (pilot_id) DO UPDATE SET supporters = supporters + 1;
END;
CREATE TRIGGER pilot_supporters_discounted AFTER DELETE ON pilot_supporters
BEGIN UPDATE pilot_tallies SET supporters = supporters - 1 WHERE pilot_id = OLD.pilot_id; END;

-- A team does not support its own pilot: whoever joins no longer counts as a supporter.
CREATE TRIGGER pilot_members_do_not_support AFTER INSERT ON pilot_members
BEGIN DELETE FROM pilot_supporters WHERE pilot_id = NEW.pilot_id AND user_id = NEW.user_id; END;
CREATE TRIGGER pilot_members_support_no_more AFTER UPDATE ON pilot_members
BEGIN DELETE FROM pilot_supporters WHERE pilot_id = NEW.pilot_id AND user_id = NEW.user_id; END;
