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

CREATE FUNCTION attribution_shares_at_most_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Who adds shares to one attribution goes one after the other, whatever the isolation.
    PERFORM 1 FROM attributions WHERE id = NEW.attribution_id FOR UPDATE;
    IF NEW.basis_points + (SELECT COALESCE(SUM(basis_points), 0) FROM attribution_shares
                           WHERE attribution_id = NEW.attribution_id) > 10000 THEN
        RAISE EXCEPTION 'the shares of one attribution are more than the whole';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attribution_shares_at_most_one BEFORE INSERT ON attribution_shares
FOR EACH ROW EXECUTE FUNCTION attribution_shares_at_most_one();

CREATE TRIGGER service_volumes_no_update BEFORE UPDATE OR DELETE ON service_volumes
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER service_volumes_no_truncate BEFORE TRUNCATE ON service_volumes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER values_of_time_no_update BEFORE UPDATE OR DELETE ON values_of_time
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER values_of_time_no_truncate BEFORE TRUNCATE ON values_of_time
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attributions_no_update BEFORE UPDATE OR DELETE ON attributions
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attributions_no_truncate BEFORE TRUNCATE ON attributions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attribution_shares_no_update BEFORE UPDATE OR DELETE ON attribution_shares
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER attribution_shares_no_truncate BEFORE TRUNCATE ON attribution_shares
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
