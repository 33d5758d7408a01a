DROP TRIGGER pilot_words_added;
DROP TRIGGER pilot_words_removed;
DROP TRIGGER pilot_words_to_change;
DROP TRIGGER pilot_words_changed;
DROP TABLE pilot_search;
DROP VIEW pilot_terms;
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
