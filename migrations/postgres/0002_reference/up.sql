-- Lists kept by administrators: coded lists (divisions, districts, sectors, SDGs), organisations, services.

CREATE TABLE codes (
    scheme      TEXT NOT NULL CHECK (scheme IN ('division', 'district', 'sector', 'sdg_goal', 'sdg_target')),
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
CREATE UNIQUE INDEX codes_in_order ON codes (scheme, position);
CREATE INDEX codes_by_parent ON codes (scheme, parent_code, position);

CREATE TABLE organisations (
    id            TEXT PRIMARY KEY NOT NULL,
    parent_id     TEXT REFERENCES organisations (id),
    kind          TEXT NOT NULL CHECK (kind IN ('ministry', 'division', 'directorate', 'divisional_administration',
                      'district_administration', 'upazila_administration', 'field_office', 'ngo', 'firm',
                      'university', 'foreign_partner')),
    name_bn       TEXT,
    name_en       TEXT,
    district_code TEXT,
    is_active     BOOLEAN NOT NULL,
    version       BIGINT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);
CREATE INDEX organisations_by_parent ON organisations (parent_id, id);
CREATE INDEX organisations_by_kind ON organisations (kind, id);
CREATE INDEX organisations_by_district ON organisations (district_code, id);

CREATE TABLE services (
    id              TEXT PRIMARY KEY NOT NULL,
    sector_code     TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    name_bn         TEXT,
    name_en         TEXT,
    is_active       BOOLEAN NOT NULL,
    version         BIGINT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    CHECK (name_bn IS NOT NULL OR name_en IS NOT NULL)
);
CREATE INDEX services_by_sector ON services (sector_code, id);
CREATE INDEX services_by_organisation ON services (organisation_id, id);

-- Names, as words already cut by the server: no text-search parser, hence no dependence on a locale.
CREATE TABLE organisation_search (
    organisation_id TEXT NOT NULL,
    body            TEXT NOT NULL
);
CREATE INDEX organisation_search_by_organisation ON organisation_search (organisation_id);
CREATE INDEX organisation_search_words ON organisation_search
    USING gin (array_to_tsvector(string_to_array(body, ' ')));
CREATE TABLE service_search (
    service_id TEXT NOT NULL,
    body       TEXT NOT NULL
);
CREATE INDEX service_search_by_service ON service_search (service_id);
CREATE INDEX service_search_words ON service_search USING gin (array_to_tsvector(string_to_array(body, ' ')));

-- How T, C and V are measured; a measurement names the version it followed.
CREATE TABLE tcv_methods (
    version              TEXT PRIMARY KEY NOT NULL,
    name_bn              TEXT NOT NULL,
    name_en              TEXT NOT NULL,
    minimum_sample_size  INTEGER NOT NULL CHECK (minimum_sample_size > 0),
    minimum_days_between INTEGER NOT NULL CHECK (minimum_days_between >= 0)
);
