DROP TABLE pilot_search;
CREATE VIRTUAL TABLE pilot_search USING fts5 (
    pilot_id UNINDEXED, body,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO pilot_search (pilot_id, body) SELECT pilot_id, body FROM pilot_words;
DROP TABLE pilot_words;
DROP TABLE service_search;
CREATE VIRTUAL TABLE service_search USING fts5 (
    service_id UNINDEXED, body,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO service_search (service_id, body) SELECT service_id, body FROM service_words;
DROP TABLE service_words;
DROP TABLE organisation_search;
CREATE VIRTUAL TABLE organisation_search USING fts5 (
    organisation_id UNINDEXED, body,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO organisation_search (organisation_id, body) SELECT organisation_id, body FROM organisation_words;
DROP TABLE organisation_words;
