-- What the figures of services, sectors and the programme are read from. Derived from pilots, measurements and
-- attributions in the transaction that changes them (see docs/decisions/0023-tcv-figures.md), so that no figure has to
-- go through the pilots. Days are those of Dhaka.

-- What one pilot changed, as an audience sees it, from a day until another (not included; NULL is: still).
CREATE TABLE pilot_effects (
    pilot_id       TEXT NOT NULL REFERENCES pilots (id) ON DELETE CASCADE,
    audience       TEXT NOT NULL CHECK (audience IN ('verified', 'published')),
    from_day       DATE NOT NULL,
    until_day      DATE,
    service_id     TEXT NOT NULL REFERENCES services (id),
    method_version TEXT NOT NULL REFERENCES tcv_methods (version),
    -- The fiscal year from which it saves; 0 while the pilot is not completed.
    saves_from     INTEGER NOT NULL,
    -- The share of the service; NULL is: none was set.
    basis_points   INTEGER,
    -- Hundredths of a minute, poisha, hundredths of a visit; NULL is: not measured.
    time_base      BIGINT,
    time_end       BIGINT,
    cost_base      BIGINT,
    cost_end       BIGINT,
    visits_base    BIGINT,
    visits_end     BIGINT,
    PRIMARY KEY (pilot_id, audience, from_day),
    CHECK (until_day > from_day)
);

-- The sums of the effects on one service at the end of a day: JSON by version of the method and first year of saving,
-- whole numbers as text. A day without a row is like the latest one before it.
CREATE TABLE service_tcv (
    service_id TEXT NOT NULL REFERENCES services (id),
    audience   TEXT NOT NULL CHECK (audience IN ('verified', 'published')),
    day        DATE NOT NULL,
    totals     TEXT NOT NULL,
    PRIMARY KEY (service_id, audience, day)
);
