-- What savings are counted from: how often a service is used in a year, what an hour is worth, and which share of a
-- service each pilot changed. A correction is a new revision; nothing here is ever changed or removed.

CREATE TABLE service_volumes (
    id          TEXT PRIMARY KEY NOT NULL,
    service_id  TEXT NOT NULL REFERENCES services (id),
    -- The year in which it begins: 2026 is 2026-27, July to June.
    fiscal_year INTEGER NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
    revision    BIGINT NOT NULL CHECK (revision > 0),
    volume      BIGINT NOT NULL CHECK (volume BETWEEN 0 AND 1000000000),
    source      TEXT NOT NULL,
    note        TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    recorded_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX service_volumes_revisions ON service_volumes (service_id, fiscal_year, revision);
CREATE INDEX service_volumes_in_order ON service_volumes (service_id, id);

CREATE TABLE values_of_time (
    id               TEXT PRIMARY KEY NOT NULL,
    fiscal_year      INTEGER NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
    revision         BIGINT NOT NULL CHECK (revision > 0),
    -- Poisha.
    per_hour         BIGINT NOT NULL CHECK (per_hour >= 0),
    source           TEXT NOT NULL,
    note             TEXT NOT NULL,
    recorded_by      TEXT NOT NULL REFERENCES users (id),
    recorded_at      TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX values_of_time_revisions ON values_of_time (fiscal_year, revision);

CREATE TABLE attributions (
    id          TEXT PRIMARY KEY NOT NULL,
    service_id  TEXT NOT NULL REFERENCES services (id),
    revision    BIGINT NOT NULL CHECK (revision > 0),
    reason      TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    recorded_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX attributions_revisions ON attributions (service_id, revision);
CREATE INDEX attributions_in_order ON attributions (service_id, id);

CREATE TABLE attribution_shares (
    attribution_id TEXT NOT NULL REFERENCES attributions (id),
    pilot_id       TEXT NOT NULL REFERENCES pilots (id),
    -- Ten-thousandths of the service; those of one attribution are at most the whole.
    basis_points   INTEGER NOT NULL CHECK (basis_points BETWEEN 0 AND 10000),
    PRIMARY KEY (attribution_id, pilot_id)
);

CREATE TRIGGER attribution_shares_at_most_one BEFORE INSERT ON attribution_shares
WHEN NEW.basis_points + (SELECT COALESCE(SUM(basis_points), 0) FROM attribution_shares
                         WHERE attribution_id = NEW.attribution_id) > 10000
BEGIN SELECT RAISE(ABORT, 'the shares of one attribution are more than the whole'); END;

CREATE TRIGGER service_volumes_no_update BEFORE UPDATE ON service_volumes
BEGIN SELECT RAISE(ABORT, 'service_volumes is append-only'); END;
CREATE TRIGGER service_volumes_no_delete BEFORE DELETE ON service_volumes
BEGIN SELECT RAISE(ABORT, 'service_volumes is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER service_volumes_no_replace BEFORE INSERT ON service_volumes
WHEN EXISTS (SELECT 1 FROM service_volumes WHERE id = NEW.id OR rowid = NEW.rowid OR (service_id = NEW.service_id AND fiscal_year = NEW.fiscal_year AND revision = NEW.revision))
BEGIN SELECT RAISE(ABORT, 'service_volumes is append-only'); END;
CREATE TRIGGER values_of_time_no_update BEFORE UPDATE ON values_of_time
BEGIN SELECT RAISE(ABORT, 'values_of_time is append-only'); END;
CREATE TRIGGER values_of_time_no_delete BEFORE DELETE ON values_of_time
BEGIN SELECT RAISE(ABORT, 'values_of_time is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER values_of_time_no_replace BEFORE INSERT ON values_of_time
WHEN EXISTS (SELECT 1 FROM values_of_time WHERE id = NEW.id OR rowid = NEW.rowid OR (fiscal_year = NEW.fiscal_year AND revision = NEW.revision))
BEGIN SELECT RAISE(ABORT, 'values_of_time is append-only'); END;
CREATE TRIGGER attributions_no_update BEFORE UPDATE ON attributions
BEGIN SELECT RAISE(ABORT, 'attributions is append-only'); END;
CREATE TRIGGER attributions_no_delete BEFORE DELETE ON attributions
BEGIN SELECT RAISE(ABORT, 'attributions is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER attributions_no_replace BEFORE INSERT ON attributions
WHEN EXISTS (SELECT 1 FROM attributions WHERE id = NEW.id OR rowid = NEW.rowid OR (service_id = NEW.service_id AND revision = NEW.revision))
BEGIN SELECT RAISE(ABORT, 'attributions is append-only'); END;
CREATE TRIGGER attribution_shares_no_update BEFORE UPDATE ON attribution_shares
BEGIN SELECT RAISE(ABORT, 'attribution_shares is append-only'); END;
CREATE TRIGGER attribution_shares_no_delete BEFORE DELETE ON attribution_shares
BEGIN SELECT RAISE(ABORT, 'attribution_shares is append-only'); END;
-- To this database a replaced row is not deleted, unless a connection asks for it.
CREATE TRIGGER attribution_shares_no_replace BEFORE INSERT ON attribution_shares
WHEN EXISTS (SELECT 1 FROM attribution_shares WHERE (attribution_id = NEW.attribution_id AND pilot_id = NEW.pilot_id) OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'attribution_shares is append-only'); END;
