-- Files on funding requests (the signed agreement among them) and on expenditure reports (vouchers).
INSERT INTO attachment_parents (kind) VALUES ('funding_request'), ('expenditure_report');
CREATE TRIGGER attachments_of_funding_requests AFTER DELETE ON funding_requests
BEGIN DELETE FROM attachments WHERE parent_kind = 'funding_request' AND parent_id = OLD.id; END;
CREATE TRIGGER attachments_of_expenditure_reports AFTER DELETE ON expenditure_reports
BEGIN DELETE FROM attachments WHERE parent_kind = 'expenditure_report' AND parent_id = OLD.id; END;

-- Each move of a tranche, for ever: who asked, approved and paid stays known when it is asked for again.
CREATE TABLE tranche_transitions (
    id          TEXT PRIMARY KEY NOT NULL,
    tranche_id  TEXT NOT NULL REFERENCES tranches (id),
    request_id  TEXT NOT NULL REFERENCES funding_requests (id),
    command     TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    -- NULL: the system moved it.
    actor_id    TEXT REFERENCES users (id),
    reason      TEXT,
    at          TIMESTAMP NOT NULL
);
CREATE INDEX tranche_transitions_by_tranche ON tranche_transitions (tranche_id, id);
CREATE INDEX tranche_transitions_by_request ON tranche_transitions (request_id, actor_id);
CREATE TRIGGER tranche_transitions_not_changed BEFORE UPDATE ON tranche_transitions
BEGIN SELECT RAISE(ABORT, 'the history of funding is never changed'); END;
CREATE TRIGGER tranche_transitions_not_removed BEFORE DELETE ON tranche_transitions
BEGIN SELECT RAISE(ABORT, 'the history of funding is never changed'); END;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER tranche_transitions_not_replaced BEFORE INSERT ON tranche_transitions
WHEN EXISTS (SELECT 1 FROM tranche_transitions WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history of funding is never changed'); END;
