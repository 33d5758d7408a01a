-- Files on funding requests (the signed agreement among them) and on expenditure reports (vouchers).
INSERT INTO attachment_parents (kind) VALUES ('funding_request'), ('expenditure_report');
CREATE TRIGGER attachments_of_funding_requests AFTER DELETE ON funding_requests
FOR EACH ROW EXECUTE FUNCTION attachments_follow('funding_request');
CREATE TRIGGER attachments_of_expenditure_reports AFTER DELETE ON expenditure_reports
FOR EACH ROW EXECUTE FUNCTION attachments_follow('expenditure_report');

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
CREATE TRIGGER tranche_transitions_not_changed BEFORE UPDATE OR DELETE ON tranche_transitions
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_funding_history();
