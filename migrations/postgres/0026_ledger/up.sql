-- The ledger of each fund. Each line carries what there is after it, so a position at any moment is one line, and the
-- checks below hold after every line: L1 the rounds never hold more than the capital, L2 a round never promises more
-- than it holds, L3 a request is never paid more than was committed to it, nor promised more than was awarded.
CREATE TABLE ledger_entries (
    fund_id            TEXT NOT NULL REFERENCES funds (id),
    -- Counts the lines of a fund from 1, without gaps.
    seq                BIGINT NOT NULL CHECK (seq >= 1),
    id                 TEXT NOT NULL UNIQUE,
    kind               TEXT NOT NULL CHECK (kind IN (
        'capital_in', 'allocate', 'deallocate', 'reserve', 'unreserve', 'commit', 'decommit', 'disburse', 'refund', 'reverse')),
    -- The kind itself; of a reversal the kind that it takes back.
    effect             TEXT NOT NULL CHECK (effect IN (
        'capital_in', 'allocate', 'deallocate', 'reserve', 'unreserve', 'commit', 'decommit', 'disburse', 'refund')),
    -- Poisha; negative in a reversal and nowhere else.
    amount             BIGINT NOT NULL,
    round_id           TEXT REFERENCES funding_rounds (id),
    request_id         TEXT REFERENCES funding_requests (id),
    tranche_id         TEXT REFERENCES tranches (id),
    reverses_id        TEXT UNIQUE REFERENCES ledger_entries (id),
    -- L6: what asked for it, and which of its lines this is.
    step_key           TEXT NOT NULL,
    step_part          INTEGER NOT NULL,
    -- NULL: the system.
    actor_id           TEXT REFERENCES users (id),
    service_account_id TEXT REFERENCES service_accounts (id),
    reason             TEXT,
    payment_reference  TEXT,
    paid_on            DATE,
    at                 TIMESTAMP NOT NULL,
    -- What there is after this line: of the fund; of the round, request and tranche that it is about.
    fund_capital       BIGINT NOT NULL CHECK (fund_capital >= 0),
    fund_allocated     BIGINT NOT NULL CHECK (fund_allocated >= 0),
    round_allocated    BIGINT NOT NULL CHECK (round_allocated >= 0),
    round_reserved     BIGINT NOT NULL CHECK (round_reserved >= 0),
    round_committed    BIGINT NOT NULL CHECK (round_committed >= 0),
    round_disbursed    BIGINT NOT NULL CHECK (round_disbursed >= 0),
    request_reserved   BIGINT NOT NULL CHECK (request_reserved >= 0),
    request_committed  BIGINT NOT NULL CHECK (request_committed >= 0),
    request_disbursed  BIGINT NOT NULL CHECK (request_disbursed >= 0),
    tranche_disbursed  BIGINT NOT NULL CHECK (tranche_disbursed >= 0),
    PRIMARY KEY (fund_id, seq),
    CONSTRAINT ledger_amount CHECK ((kind = 'reverse' AND amount < 0) OR (kind <> 'reverse' AND amount > 0)),
    CONSTRAINT ledger_effect CHECK ((kind = 'reverse' AND reverses_id IS NOT NULL) OR (kind = effect AND reverses_id IS NULL)),
    CONSTRAINT ledger_round CHECK ((effect = 'capital_in') = (round_id IS NULL)),
    CONSTRAINT ledger_request CHECK ((effect IN ('capital_in', 'allocate', 'deallocate')) = (request_id IS NULL)),
    CONSTRAINT ledger_tranche CHECK ((effect IN ('disburse', 'refund')) = (tranche_id IS NOT NULL)),
    CONSTRAINT ledger_payment CHECK (effect NOT IN ('disburse', 'refund') OR payment_reference IS NOT NULL),
    CONSTRAINT ledger_l1 CHECK (fund_allocated <= fund_capital),
    CONSTRAINT ledger_l2 CHECK (round_allocated - round_reserved - round_committed >= 0),
    CONSTRAINT ledger_l3 CHECK (request_disbursed <= request_committed)
);
CREATE UNIQUE INDEX ledger_entries_one_effect ON ledger_entries (step_key, step_part);
CREATE INDEX ledger_entries_by_round ON ledger_entries (round_id, seq);
CREATE INDEX ledger_entries_by_request ON ledger_entries (request_id, seq);
CREATE INDEX ledger_entries_by_tranche ON ledger_entries (tranche_id, seq);
CREATE INDEX ledger_entries_by_time ON ledger_entries (fund_id, at, seq);

-- Each line goes on from the one before: of its fund, its round, its request and its tranche. L4 is here as well.
CREATE FUNCTION guard_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.seq <> COALESCE((SELECT MAX(seq) FROM ledger_entries WHERE fund_id = NEW.fund_id), 0) + 1) THEN
        RAISE EXCEPTION 'the ledger has no gaps';
    END IF;
    IF (NEW.round_id IS NOT NULL AND NEW.fund_id <> (SELECT fund_id FROM funding_rounds WHERE id = NEW.round_id)) THEN
        RAISE EXCEPTION 'the round belongs to another fund';
    END IF;
    IF (NEW.request_id IS NOT NULL AND NEW.round_id <> (SELECT round_id FROM funding_requests WHERE id = NEW.request_id)) THEN
        RAISE EXCEPTION 'the request belongs to another round';
    END IF;
    IF (NEW.tranche_id IS NOT NULL AND NEW.request_id <> (SELECT request_id FROM tranches WHERE id = NEW.tranche_id)) THEN
        RAISE EXCEPTION 'the tranche belongs to another request';
    END IF;
    IF (NEW.request_id IS NOT NULL AND NEW.request_committed > COALESCE((SELECT awarded FROM funding_requests WHERE id = NEW.request_id), 0)) THEN
        RAISE EXCEPTION 'more is committed than was awarded';
    END IF;
    IF (NEW.tranche_id IS NOT NULL AND NEW.tranche_disbursed > (SELECT amount FROM tranches WHERE id = NEW.tranche_id)) THEN
        RAISE EXCEPTION 'more is paid than the tranche';
    END IF;
    IF (NEW.tranche_id IS NOT NULL AND NEW.tranche_disbursed < COALESCE((SELECT accepted FROM expenditure_reports WHERE tranche_id = NEW.tranche_id), 0)) THEN
        RAISE EXCEPTION 'less remains paid than was accepted as spent';
    END IF;
    IF (NEW.kind = 'reverse' AND NOT EXISTS (SELECT 1 FROM ledger_entries AS it WHERE it.id = NEW.reverses_id AND it.kind <> 'reverse' AND it.fund_id = NEW.fund_id AND it.effect = NEW.effect AND it.amount = -NEW.amount AND it.round_id IS NOT DISTINCT FROM NEW.round_id AND it.request_id IS NOT DISTINCT FROM NEW.request_id AND it.tranche_id IS NOT DISTINCT FROM NEW.tranche_id)) THEN
        RAISE EXCEPTION 'a reversal takes back one line as it is';
    END IF;
    IF (NEW.fund_capital <> COALESCE((SELECT fund_capital FROM ledger_entries WHERE fund_id = NEW.fund_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('capital_in') THEN NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: fund_capital';
    END IF;
    IF (NEW.fund_allocated <> COALESCE((SELECT fund_allocated FROM ledger_entries WHERE fund_id = NEW.fund_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('allocate') THEN NEW.amount WHEN NEW.effect IN ('deallocate') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: fund_allocated';
    END IF;
    IF (NEW.round_allocated <> COALESCE((SELECT round_allocated FROM ledger_entries WHERE round_id = NEW.round_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('allocate') THEN NEW.amount WHEN NEW.effect IN ('deallocate') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: round_allocated';
    END IF;
    IF (NEW.round_reserved <> COALESCE((SELECT round_reserved FROM ledger_entries WHERE round_id = NEW.round_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('reserve') THEN NEW.amount WHEN NEW.effect IN ('unreserve') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: round_reserved';
    END IF;
    IF (NEW.round_committed <> COALESCE((SELECT round_committed FROM ledger_entries WHERE round_id = NEW.round_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('commit') THEN NEW.amount WHEN NEW.effect IN ('decommit') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: round_committed';
    END IF;
    IF (NEW.round_disbursed <> COALESCE((SELECT round_disbursed FROM ledger_entries WHERE round_id = NEW.round_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('disburse') THEN NEW.amount WHEN NEW.effect IN ('refund') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: round_disbursed';
    END IF;
    IF (NEW.request_reserved <> COALESCE((SELECT request_reserved FROM ledger_entries WHERE request_id = NEW.request_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('reserve') THEN NEW.amount WHEN NEW.effect IN ('unreserve') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: request_reserved';
    END IF;
    IF (NEW.request_committed <> COALESCE((SELECT request_committed FROM ledger_entries WHERE request_id = NEW.request_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('commit') THEN NEW.amount WHEN NEW.effect IN ('decommit') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: request_committed';
    END IF;
    IF (NEW.request_disbursed <> COALESCE((SELECT request_disbursed FROM ledger_entries WHERE request_id = NEW.request_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('disburse') THEN NEW.amount WHEN NEW.effect IN ('refund') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: request_disbursed';
    END IF;
    IF (NEW.tranche_disbursed <> COALESCE((SELECT tranche_disbursed FROM ledger_entries WHERE tranche_id = NEW.tranche_id ORDER BY seq DESC LIMIT 1), 0)
        + CASE WHEN NEW.effect IN ('disburse') THEN NEW.amount WHEN NEW.effect IN ('refund') THEN -NEW.amount ELSE 0 END) THEN
        RAISE EXCEPTION 'the ledger does not go on from the line before: tranche_disbursed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entries_go_on BEFORE INSERT ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION guard_ledger();
CREATE TRIGGER ledger_entries_not_changed BEFORE UPDATE OR DELETE ON ledger_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
CREATE TRIGGER ledger_entries_not_emptied BEFORE TRUNCATE ON ledger_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_funding_history();
-- L4 from the other side.
CREATE FUNCTION guard_accepted_expenditure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.accepted IS NOT NULL THEN
            RAISE EXCEPTION 'a report is accepted after it was handed in';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.accepted IS NOT NULL AND NEW.accepted > COALESCE(
        (SELECT tranche_disbursed FROM ledger_entries WHERE tranche_id = NEW.tranche_id ORDER BY seq DESC LIMIT 1), 0) THEN
        RAISE EXCEPTION 'more is accepted than was paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER expenditure_reports_within_paid BEFORE INSERT OR UPDATE ON expenditure_reports
FOR EACH ROW EXECUTE FUNCTION guard_accepted_expenditure();
