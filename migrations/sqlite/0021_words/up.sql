-- Words move into tables that can be reached by their record: a column of FTS5 cannot be looked up, so each change of a
-- record read the whole index. FTS5 keeps the index alone now. `number` follows the order of creation, in which FTS5
-- returns matches without sorting; prefixes of one to four letters have lists of their own.

CREATE TABLE organisation_words (
    number INTEGER PRIMARY KEY,
    organisation_id TEXT NOT NULL UNIQUE REFERENCES organisations (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO organisation_words (organisation_id, body) SELECT organisation_id, body FROM organisation_search ORDER BY organisation_id;
DROP TABLE organisation_search;
CREATE VIRTUAL TABLE organisation_search USING fts5 (
    body, content = 'organisation_words', content_rowid = 'number', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO organisation_search (organisation_search) VALUES ('rebuild');
CREATE TRIGGER organisation_words_added AFTER INSERT ON organisation_words
BEGIN INSERT INTO organisation_search (rowid, body) VALUES (NEW.number, NEW.body); END;
CREATE TRIGGER organisation_words_removed AFTER DELETE ON organisation_words
BEGIN INSERT INTO organisation_search (organisation_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END;
CREATE TRIGGER organisation_words_changed AFTER UPDATE ON organisation_words
BEGIN
    INSERT INTO organisation_search (organisation_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
    INSERT INTO organisation_search (rowid, body) VALUES (NEW.number, NEW.body);
END;

CREATE TABLE service_words (
    number INTEGER PRIMARY KEY,
    service_id TEXT NOT NULL UNIQUE REFERENCES services (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO service_words (service_id, body) SELECT service_id, body FROM service_search ORDER BY service_id;
DROP TABLE service_search;
CREATE VIRTUAL TABLE service_search USING fts5 (
    body, content = 'service_words', content_rowid = 'number', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO service_search (service_search) VALUES ('rebuild');
CREATE TRIGGER service_words_added AFTER INSERT ON service_words
BEGIN INSERT INTO service_search (rowid, body) VALUES (NEW.number, NEW.body); END;
CREATE TRIGGER service_words_removed AFTER DELETE ON service_words
BEGIN INSERT INTO service_search (service_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END;
CREATE TRIGGER service_words_changed AFTER UPDATE ON service_words
BEGIN
    INSERT INTO service_search (service_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
    INSERT INTO service_search (rowid, body) VALUES (NEW.number, NEW.body);
END;

CREATE TABLE pilot_words (
    number INTEGER PRIMARY KEY,
    pilot_id TEXT NOT NULL UNIQUE REFERENCES pilots (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO pilot_words (pilot_id, body) SELECT pilot_id, body FROM pilot_search ORDER BY pilot_id;
DROP TABLE pilot_search;
CREATE VIRTUAL TABLE pilot_search USING fts5 (
    body, content = 'pilot_words', content_rowid = 'number', columnsize = 0,
    prefix = '1 2 3 4',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO pilot_search (pilot_search) VALUES ('rebuild');
CREATE TRIGGER pilot_words_added AFTER INSERT ON pilot_words
BEGIN INSERT INTO pilot_search (rowid, body) VALUES (NEW.number, NEW.body); END;
CREATE TRIGGER pilot_words_removed AFTER DELETE ON pilot_words
BEGIN INSERT INTO pilot_search (pilot_search, rowid, body) VALUES ('delete', OLD.number, OLD.body); END;
CREATE TRIGGER pilot_words_changed AFTER UPDATE ON pilot_words
BEGIN
    INSERT INTO pilot_search (pilot_search, rowid, body) VALUES ('delete', OLD.number, OLD.body);
    INSERT INTO pilot_search (rowid, body) VALUES (NEW.number, NEW.body);
END;
