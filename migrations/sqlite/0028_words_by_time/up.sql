-- A search takes the latest matches first, and matches have no order that would allow it to stop early. So each word stands
-- in the index four times: as it is, and behind the first 6, 5 and 4 digits of the pilot's id, which are its time in
-- steps of 5 hours, 3 and 50 days. The marks before them are from the private use area, which no word of ours begins with.
DROP TRIGGER pilot_words_added;
DROP TRIGGER pilot_words_removed;
DROP TRIGGER pilot_words_changed;
DROP TABLE pilot_search;

CREATE VIEW pilot_terms AS
SELECT number, pilot_id, body
    || ' ' || char(57350) || substr(pilot_id, 1, 6) || replace(body, ' ', ' ' || char(57350) || substr(pilot_id, 1, 6))
    || ' ' || char(57349) || substr(pilot_id, 1, 5) || replace(body, ' ', ' ' || char(57349) || substr(pilot_id, 1, 5))
    || ' ' || char(57348) || substr(pilot_id, 1, 4) || replace(body, ' ', ' ' || char(57348) || substr(pilot_id, 1, 4))
    AS terms
FROM pilot_words;

-- Whatever is no space belongs to a word, since we have cut them already.
CREATE VIRTUAL TABLE pilot_search USING fts5 (
    terms, content = 'pilot_terms', content_rowid = 'number', columnsize = 0, detail = none,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* P* S* Co Cf'"
);
INSERT INTO pilot_search (pilot_search) VALUES ('rebuild');

CREATE TRIGGER pilot_words_added AFTER INSERT ON pilot_words
BEGIN INSERT INTO pilot_search (rowid, terms) SELECT number, terms FROM pilot_terms WHERE number = NEW.number; END;
CREATE TRIGGER pilot_words_removed BEFORE DELETE ON pilot_words
BEGIN
    INSERT INTO pilot_search (pilot_search, rowid, terms)
    SELECT 'delete', number, terms FROM pilot_terms WHERE number = OLD.number;
END;
CREATE TRIGGER pilot_words_to_change BEFORE UPDATE ON pilot_words
BEGIN
    INSERT INTO pilot_search (pilot_search, rowid, terms)
    SELECT 'delete', number, terms FROM pilot_terms WHERE number = OLD.number;
END;
CREATE TRIGGER pilot_words_changed AFTER UPDATE ON pilot_words
BEGIN INSERT INTO pilot_search (rowid, terms) SELECT number, terms FROM pilot_terms WHERE number = NEW.number; END;
