CREATE TABLE pilot_search (
    pilot_id TEXT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO pilot_search (pilot_id, body) SELECT pilot_id, body FROM pilot_words;
DROP TABLE pilot_words;
CREATE INDEX pilot_search_by_pilot ON pilot_search (pilot_id);
CREATE INDEX pilot_search_words ON pilot_search USING gin (array_to_tsvector(string_to_array(body, ' ')));
CREATE TABLE service_search (
    service_id TEXT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO service_search (service_id, body) SELECT service_id, body FROM service_words;
DROP TABLE service_words;
CREATE INDEX service_search_by_service ON service_search (service_id);
CREATE INDEX service_search_words ON service_search USING gin (array_to_tsvector(string_to_array(body, ' ')));
CREATE TABLE organisation_search (
    organisation_id TEXT NOT NULL,
    body TEXT NOT NULL
);
INSERT INTO organisation_search (organisation_id, body) SELECT organisation_id, body FROM organisation_words;
DROP TABLE organisation_words;
CREATE INDEX organisation_search_by_organisation ON organisation_search (organisation_id);
CREATE INDEX organisation_search_words ON organisation_search USING gin (array_to_tsvector(string_to_array(body, ' ')));
