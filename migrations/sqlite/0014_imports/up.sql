-- Upazilas below the districts, and a code of one's own for organisations and services, by which imports know them.

-- A CHECK is part of the table here, so the two tables whose lists grow are made anew.
CREATE TABLE codes_new (
    scheme      TEXT NOT NULL CHECK (scheme IN ('division', 'district', 'sector', 'sdg_goal', 'sdg_target', 'upazila')),
    code        TEXT NOT NULL,
    parent_code TEXT,
    name_bn     TEXT,
    name_en     TEXT,
    position    BIGINT NOT NULL,
    is_active   BOOLEAN NOT NULL,
    version     BIGINT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (scheme, code),
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);
INSERT INTO codes_new (scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, updated_at)
    SELECT scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, updated_at FROM codes;
DROP TABLE codes;
ALTER TABLE codes_new RENAME TO codes;
CREATE UNIQUE INDEX codes_in_order ON codes (scheme, position);
CREATE INDEX codes_by_parent ON codes (scheme, parent_code, position);

-- The words that an upazila is found by.
CREATE TABLE upazila_words (
    number INTEGER PRIMARY KEY,
    code   TEXT NOT NULL UNIQUE,
    body   TEXT NOT NULL
);
CREATE VIRTUAL TABLE upazila_search USING fts5 (
    body, content = 'upazila_words', content_rowid = 'number', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE TRIGGER upazila_words_added AFTER INSERT ON upazila_words
BEGIN INSERT INTO upazila_search (rowid, body) VALUES (NEW.number, NEW.body); END;
CREATE TRIGGER upazila_words_removed AFTER DELETE ON upazila_words
BEGIN INSERT INTO upazila_search (upazila_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END;
CREATE TRIGGER upazila_words_changed AFTER UPDATE ON upazila_words
BEGIN
    INSERT INTO upazila_search (upazila_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
    INSERT INTO upazila_search (rowid, body) VALUES (NEW.number, NEW.body);
END;

CREATE TABLE pilot_facets_new (
    kind             TEXT NOT NULL CHECK (kind IN ('sector', 'service', 'organisation', 'owner', 'member', 'division',
                         'district', 'upazila', 'sdg_goal', 'sdg_target', 'tag')),
    value            TEXT NOT NULL,
    pilot_id         TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    pilot_updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (kind, value, pilot_id)
);
INSERT INTO pilot_facets_new (kind, value, pilot_id, pilot_updated_at)
    SELECT kind, value, pilot_id, pilot_updated_at FROM pilot_facets;
DROP TRIGGER pilot_facets_follow;
DROP TABLE pilot_facets;
ALTER TABLE pilot_facets_new RENAME TO pilot_facets;
CREATE INDEX pilot_facets_recent ON pilot_facets (kind, value, pilot_updated_at, pilot_id);
CREATE INDEX pilot_facets_by_pilot ON pilot_facets (pilot_id);
CREATE TRIGGER pilot_facets_follow AFTER UPDATE OF updated_at ON pilots WHEN NEW.updated_at <> OLD.updated_at
BEGIN UPDATE pilot_facets SET pilot_updated_at = NEW.updated_at WHERE pilot_id = NEW.id; END;

ALTER TABLE pilots ADD COLUMN upazilas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE organisations ADD COLUMN code TEXT;
ALTER TABLE organisations ADD COLUMN upazila_code TEXT;
CREATE UNIQUE INDEX organisations_by_code ON organisations (code);
ALTER TABLE services ADD COLUMN code TEXT;
CREATE UNIQUE INDEX services_by_code ON services (code);
