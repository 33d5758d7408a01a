-- Words of a record, once, and gone with it. `number` is what the other engine orders its matches by.

CREATE TABLE organisation_words (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id TEXT NOT NULL UNIQUE REFERENCES organisations (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO organisation_words (organisation_id, body) SELECT organisation_id, body FROM organisation_search ORDER BY organisation_id;
DROP TABLE organisation_search;
CREATE INDEX organisation_words_index ON organisation_words USING gin (array_to_tsvector(string_to_array(body, ' ')));

CREATE TABLE service_words (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_id TEXT NOT NULL UNIQUE REFERENCES services (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO service_words (service_id, body) SELECT service_id, body FROM service_search ORDER BY service_id;
DROP TABLE service_search;
CREATE INDEX service_words_index ON service_words USING gin (array_to_tsvector(string_to_array(body, ' ')));

CREATE TABLE pilot_words (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pilot_id TEXT NOT NULL UNIQUE REFERENCES pilots (id) ON DELETE CASCADE,
    body   TEXT NOT NULL
);
INSERT INTO pilot_words (pilot_id, body) SELECT pilot_id, body FROM pilot_search ORDER BY pilot_id;
DROP TABLE pilot_search;
CREATE INDEX pilot_words_index ON pilot_words USING gin (array_to_tsvector(string_to_array(body, ' ')));
