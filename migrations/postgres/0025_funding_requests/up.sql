-- What the owner of a pilot asks a round for, and what became of it.
CREATE TABLE funding_requests (
    id                 TEXT PRIMARY KEY NOT NULL,
    -- SIF-2026-00042, from the first submit on.
    reference          TEXT UNIQUE,
    fund_id            TEXT NOT NULL REFERENCES funds (id),
    round_id           TEXT NOT NULL REFERENCES funding_rounds (id),
    pilot_id           TEXT NOT NULL REFERENCES pilots (id),
    status             TEXT NOT NULL CHECK (status IN (
        'draft', 'submitted', 'eligibility', 'ineligible', 'under_review', 'changes_requested', 'panel', 'recommended',
        'awarded', 'declined', 'waitlisted', 'agreement_signed', 'active', 'suspended', 'closing', 'closed',
        'terminated', 'lapsed', 'withdrawn')),
    requested          BIGINT NOT NULL CHECK (requested > 0),
    purpose_bn         TEXT,
    purpose_en         TEXT,
    budget_lines       TEXT NOT NULL,
    co_funding         TEXT NOT NULL,
    -- The plan version that it was submitted on.
    plan_id            TEXT REFERENCES plans (id),
    created_by         TEXT NOT NULL REFERENCES users (id),
    submitted_by       TEXT REFERENCES users (id),
    submitted_at       TIMESTAMP,
    -- What may be edited while changes are requested, why, and until when.
    change_parts       TEXT NOT NULL,
    change_reason      TEXT,
    change_due_on      DATE,
    -- Which check of its eligibility is the latest.
    eligibility_check  INTEGER NOT NULL,
    panel_meeting_id   TEXT REFERENCES panel_meetings (id),
    recommended        BIGINT CHECK (recommended > 0),
    recommended_by     TEXT REFERENCES users (id),
    recommended_at     TIMESTAMP,
    first_approver_id  TEXT REFERENCES users (id),
    first_approved     BIGINT CHECK (first_approved > 0),
    first_approved_at  TIMESTAMP,
    awarded            BIGINT CHECK (awarded > 0),
    awarded_by         TEXT REFERENCES users (id),
    awarded_at         TIMESTAMP,
    waitlisted_at      TIMESTAMP,
    -- Why it was declined, waitlisted, suspended, terminated.
    decision_reason    TEXT,
    agreement_due_on   DATE,
    agreement_file_id  TEXT REFERENCES attachments (id),
    owner_signed_by    TEXT REFERENCES users (id),
    owner_signed_at    TIMESTAMP,
    officer_signed_by  TEXT REFERENCES users (id),
    officer_signed_at  TIMESTAMP,
    ended_at           TIMESTAMP,
    version            BIGINT NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL,
    CHECK (awarded IS NULL OR awarded <= recommended),
    CHECK (recommended IS NULL OR recommended <= requested),
    CHECK (first_approver_id IS NULL OR awarded_by IS NULL OR first_approver_id <> awarded_by),
    CHECK (status NOT IN ('awarded', 'agreement_signed', 'active', 'suspended', 'closing', 'closed', 'terminated', 'lapsed')
        OR awarded IS NOT NULL)
);
CREATE UNIQUE INDEX funding_requests_one_live ON funding_requests (pilot_id, round_id)
WHERE status NOT IN ('ineligible', 'declined', 'closed', 'terminated', 'lapsed', 'withdrawn');
CREATE INDEX funding_requests_by_pilot ON funding_requests (pilot_id, id);
CREATE INDEX funding_requests_by_fund ON funding_requests (fund_id, id);
CREATE INDEX funding_requests_by_round ON funding_requests (round_id, id);
CREATE INDEX funding_requests_by_round_status ON funding_requests (round_id, status, id);
CREATE INDEX funding_requests_by_status ON funding_requests (status, id);
CREATE INDEX funding_requests_waiting ON funding_requests (round_id, waitlisted_at, id) WHERE status = 'waitlisted';

-- Each move, for ever.
CREATE TABLE funding_request_transitions (
    id          TEXT PRIMARY KEY NOT NULL,
    request_id  TEXT NOT NULL REFERENCES funding_requests (id),
    command     TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    -- NULL: the system moved it.
    actor_id    TEXT REFERENCES users (id),
    reason      TEXT,
    -- The version of the request after it: what an applicant is told of stays at the last move they are told of.
    version     BIGINT NOT NULL,
    at          TIMESTAMP NOT NULL
);
CREATE INDEX funding_request_transitions_by_request ON funding_request_transitions (request_id, id);

-- What a rule of the round said of a request, each time it was checked.
CREATE TABLE eligibility_results (
    id           TEXT PRIMARY KEY NOT NULL,
    request_id   TEXT NOT NULL REFERENCES funding_requests (id),
    check_number INTEGER NOT NULL,
    rule_code    TEXT NOT NULL,
    is_met       BOOLEAN NOT NULL,
    reason_bn    TEXT,
    reason_en    TEXT,
    decided_by   TEXT NOT NULL REFERENCES users (id),
    created_at   TIMESTAMP NOT NULL,
    CHECK (reason_bn IS NOT NULL OR reason_en IS NOT NULL)
);
CREATE UNIQUE INDEX eligibility_results_by_request ON eligibility_results (request_id, check_number, rule_code);
CREATE INDEX eligibility_results_in_order ON eligibility_results (request_id, id);

-- A reviewer's place on a request, and what they wrote.
CREATE TABLE funding_reviews (
    id              TEXT PRIMARY KEY NOT NULL,
    request_id      TEXT NOT NULL REFERENCES funding_requests (id),
    reviewer_id     TEXT NOT NULL REFERENCES users (id),
    status          TEXT NOT NULL CHECK (status IN ('assigned', 'declared', 'submitted', 'recused', 'replaced')),
    assigned_by     TEXT NOT NULL REFERENCES users (id),
    due_on          DATE NOT NULL,
    declared_at     TIMESTAMP,
    conflict        TEXT,
    scores          TEXT NOT NULL,
    private_comment TEXT,
    public_comment  TEXT,
    -- Hundredths of a percent of what is attainable; from the submit on.
    score           INTEGER CHECK (score BETWEEN 0 AND 10000),
    submitted_at    TIMESTAMP,
    replaced_by_id  TEXT REFERENCES funding_reviews (id),
    -- Why someone else took the place.
    replace_reason  TEXT,
    version         BIGINT NOT NULL,
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    CHECK ((status = 'submitted') = (score IS NOT NULL)),
    CHECK (status <> 'recused' OR conflict IS NOT NULL)
);
CREATE UNIQUE INDEX funding_reviews_one_each ON funding_reviews (request_id, reviewer_id);
CREATE INDEX funding_reviews_by_request ON funding_reviews (request_id, id);
CREATE INDEX funding_reviews_by_reviewer ON funding_reviews (reviewer_id, status, id);
CREATE INDEX funding_reviews_of_reviewer ON funding_reviews (reviewer_id, id);

-- A part of an award, paid against milestones and the report on the part before.
CREATE TABLE tranches (
    id                 TEXT PRIMARY KEY NOT NULL,
    request_id         TEXT NOT NULL REFERENCES funding_requests (id),
    pilot_id           TEXT NOT NULL REFERENCES pilots (id),
    number             INTEGER NOT NULL CHECK (number BETWEEN 1 AND 20),
    amount             BIGINT NOT NULL CHECK (amount > 0),
    planned_on         DATE NOT NULL,
    -- The milestones of the plan that have to be done before it is paid, by their place.
    milestones         TEXT NOT NULL,
    is_post_completion BOOLEAN NOT NULL,
    status             TEXT NOT NULL CHECK (status IN (
        'planned', 'requested', 'approved', 'disbursed', 'reported', 'settled', 'withheld', 'failed', 'cancelled')),
    requested_by       TEXT REFERENCES users (id),
    requested_at       TIMESTAMP,
    approved_by        TEXT REFERENCES users (id),
    approved_at        TIMESTAMP,
    disbursed_by       TEXT REFERENCES users (id),
    disbursed_at       TIMESTAMP,
    payment_reference  TEXT,
    paid_on            DATE,
    status_reason      TEXT,
    version            BIGINT NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL,
    -- Three different people.
    CHECK (approved_by IS NULL OR requested_by IS NULL OR approved_by <> requested_by),
    CHECK (disbursed_by IS NULL OR approved_by IS NULL OR disbursed_by <> approved_by),
    CHECK (disbursed_by IS NULL OR requested_by IS NULL OR disbursed_by <> requested_by),
    CHECK (status NOT IN ('disbursed', 'reported', 'settled') OR (disbursed_by IS NOT NULL AND payment_reference IS NOT NULL))
);
CREATE UNIQUE INDEX tranches_by_request ON tranches (request_id, number);
CREATE INDEX tranches_by_pilot ON tranches (pilot_id, id);
CREATE INDEX tranches_by_status ON tranches (status, id);

-- What a tranche was spent on.
CREATE TABLE expenditure_reports (
    id            TEXT PRIMARY KEY NOT NULL,
    tranche_id    TEXT NOT NULL UNIQUE REFERENCES tranches (id),
    request_id    TEXT NOT NULL REFERENCES funding_requests (id),
    pilot_id      TEXT NOT NULL REFERENCES pilots (id),
    status        TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'checked', 'accepted', 'returned', 'disputed')),
    lines         TEXT NOT NULL,
    total         BIGINT NOT NULL CHECK (total >= 0),
    accepted      BIGINT CHECK (accepted >= 0),
    created_by    TEXT NOT NULL REFERENCES users (id),
    submitted_by  TEXT REFERENCES users (id),
    submitted_at  TIMESTAMP,
    checked_by    TEXT REFERENCES users (id),
    checked_at    TIMESTAMP,
    accepted_by   TEXT REFERENCES users (id),
    accepted_at   TIMESTAMP,
    status_reason TEXT,
    version       BIGINT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL,
    CHECK ((status = 'accepted') = (accepted IS NOT NULL)),
    CHECK (accepted IS NULL OR accepted <= total)
);
CREATE INDEX expenditure_reports_by_request ON expenditure_reports (request_id, id);
CREATE INDEX expenditure_reports_by_status ON expenditure_reports (status, id);

-- Local money and goods that a pilot lives on besides the fund.
CREATE TABLE funding_sources (
    id             TEXT PRIMARY KEY NOT NULL,
    pilot_id       TEXT NOT NULL REFERENCES pilots (id),
    kind           TEXT NOT NULL CHECK (kind IN ('office_budget', 'local_donor', 'private_partner', 'in_kind')),
    provider_bn    TEXT,
    provider_en    TEXT,
    amount         BIGINT NOT NULL CHECK (amount > 0),
    description    TEXT,
    status         TEXT NOT NULL CHECK (status IN ('declared', 'confirmed', 'refused', 'withdrawn')),
    document_id    TEXT REFERENCES attachments (id),
    declared_by    TEXT NOT NULL REFERENCES users (id),
    decided_by     TEXT REFERENCES users (id),
    decided_at     TIMESTAMP,
    reason         TEXT,
    version        BIGINT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    CHECK (provider_bn IS NOT NULL OR provider_en IS NOT NULL),
    CHECK (status <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> declared_by AND document_id IS NOT NULL))
);
CREATE INDEX funding_sources_by_pilot ON funding_sources (pilot_id, id);
CREATE INDEX funding_sources_by_status ON funding_sources (status, id);

-- L3: what was awarded stays what was awarded, and an agreement is signed on a plan that adds up to it exactly.
CREATE FUNCTION guard_funding_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.fund_id <> (SELECT fund_id FROM funding_rounds WHERE id = NEW.round_id) THEN
            RAISE EXCEPTION 'the round belongs to another fund';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.awarded IS NOT NULL AND NEW.awarded IS DISTINCT FROM OLD.awarded THEN
        RAISE EXCEPTION 'an award is never changed';
    END IF;
    IF NEW.fund_id <> OLD.fund_id OR NEW.round_id <> OLD.round_id OR NEW.pilot_id <> OLD.pilot_id THEN
        RAISE EXCEPTION 'a request keeps its round and its pilot';
    END IF;
    IF NEW.status = 'agreement_signed' AND OLD.status = 'awarded'
        AND NEW.awarded <> (SELECT COALESCE(SUM(amount), 0) FROM tranches WHERE request_id = NEW.id) THEN
        RAISE EXCEPTION 'the tranches do not add up to the award';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funding_requests_guarded BEFORE INSERT OR UPDATE ON funding_requests
FOR EACH ROW EXECUTE FUNCTION guard_funding_requests();
CREATE FUNCTION guard_tranches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.amount <> OLD.amount OR NEW.request_id <> OLD.request_id OR NEW.number <> OLD.number THEN
            RAISE EXCEPTION 'the plan of an agreement is fixed';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (SELECT status FROM funding_requests WHERE id = NEW.request_id) <> 'awarded' THEN
            RAISE EXCEPTION 'the plan of an agreement is fixed';
        END IF;
        RETURN NEW;
    END IF;
    IF (SELECT status FROM funding_requests WHERE id = OLD.request_id) <> 'awarded' THEN
        RAISE EXCEPTION 'the plan of an agreement is fixed';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER tranches_guarded BEFORE INSERT OR UPDATE OR DELETE ON tranches
FOR EACH ROW EXECUTE FUNCTION guard_tranches();
CREATE FUNCTION guard_expenditure_reports() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.tranche_id <> OLD.tranche_id OR NEW.request_id <> OLD.request_id
        OR (OLD.status = 'accepted' AND NEW.status <> 'accepted')
        OR (OLD.accepted IS NOT NULL AND NEW.accepted IS DISTINCT FROM OLD.accepted) THEN
        RAISE EXCEPTION 'an accepted report stays as it is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER expenditure_reports_not_moved BEFORE UPDATE ON expenditure_reports
FOR EACH ROW EXECUTE FUNCTION guard_expenditure_reports();
CREATE TRIGGER funding_request_transitions_not_changed BEFORE UPDATE OR DELETE ON funding_request_transitions
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
CREATE TRIGGER eligibility_results_not_changed BEFORE UPDATE OR DELETE ON eligibility_results
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
