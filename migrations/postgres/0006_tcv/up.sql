-- Measurements of time (hundredths of a minute), cost (poisha) and visits (hundredths). NULL is: not measured.

CREATE TABLE tcv_measurements (
    id                 TEXT PRIMARY KEY NOT NULL,
    pilot_id           TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    service_id         TEXT NOT NULL REFERENCES services (id),
    kind               TEXT NOT NULL CHECK (kind IN ('baseline', 'endline', 'follow_up', 'replication')),
    method_version     TEXT NOT NULL REFERENCES tcv_methods (version),
    sample_size        INTEGER NOT NULL CHECK (sample_size > 0),
    period_start_on    DATE NOT NULL,
    period_end_on      DATE NOT NULL,
    district_code      TEXT,
    time_travel        BIGINT CHECK (time_travel >= 0),
    time_waiting       BIGINT CHECK (time_waiting >= 0),
    time_processing    BIGINT CHECK (time_processing >= 0),
    cost_travel        BIGINT CHECK (cost_travel >= 0),
    cost_fees          BIGINT CHECK (cost_fees >= 0),
    cost_assistance    BIGINT CHECK (cost_assistance >= 0),
    cost_communication BIGINT CHECK (cost_communication >= 0),
    cost_other         BIGINT CHECK (cost_other >= 0),
    visits_apply       BIGINT CHECK (visits_apply >= 0),
    visits_follow_up   BIGINT CHECK (visits_follow_up >= 0),
    visits_collect     BIGINT CHECK (visits_collect >= 0),
    status             TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'returned', 'verified', 'published',
                           'superseded')),
    created_by         TEXT NOT NULL REFERENCES users (id),
    submitted_at       TIMESTAMP,
    verified_by        TEXT REFERENCES users (id),
    verified_at        TIMESTAMP,
    return_reason      TEXT,
    version            BIGINT NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL,
    CHECK (period_end_on >= period_start_on)
);
CREATE INDEX tcv_measurements_by_pilot ON tcv_measurements (pilot_id, id);
CREATE INDEX tcv_measurements_by_kind ON tcv_measurements (pilot_id, kind, status);
CREATE INDEX tcv_measurements_by_service ON tcv_measurements (service_id, id);
CREATE INDEX tcv_measurements_by_status ON tcv_measurements (status, id);
