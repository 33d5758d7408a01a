-- Upazilas below the districts, and a code of one's own for organisations and services, by which imports know them.

ALTER TABLE codes DROP CONSTRAINT codes_scheme_check;
ALTER TABLE codes ADD CONSTRAINT codes_scheme_check
    CHECK (scheme IN ('division', 'district', 'sector', 'sdg_goal', 'sdg_target', 'upazila'));

-- The words that an upazila is found by.
CREATE TABLE upazila_words (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code   TEXT NOT NULL UNIQUE,
    body   TEXT NOT NULL
);
CREATE INDEX upazila_words_index ON upazila_words USING gin (array_to_tsvector(string_to_array(body, ' ')));

ALTER TABLE pilot_facets DROP CONSTRAINT pilot_facets_kind_check;
ALTER TABLE pilot_facets ADD CONSTRAINT pilot_facets_kind_check CHECK (kind IN ('sector', 'service', 'organisation',
    'owner', 'member', 'division', 'district', 'upazila', 'sdg_goal', 'sdg_target', 'tag'));

ALTER TABLE pilots ADD COLUMN upazilas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE organisations ADD COLUMN code TEXT;
ALTER TABLE organisations ADD COLUMN upazila_code TEXT;
CREATE UNIQUE INDEX organisations_by_code ON organisations (code);
ALTER TABLE services ADD COLUMN code TEXT;
CREATE UNIQUE INDEX services_by_code ON services (code);
