-- The audit trail chained: each link holds the hash of its entry and of the link before, so that nothing can be changed,
-- taken out or put in between without breaking all that follows.

CREATE TABLE audit_chain (
    -- 1, 2, 3, … without a gap.
    seq           BIGINT PRIMARY KEY,
    entry_id      TEXT NOT NULL UNIQUE,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL,
    sealed_at     TIMESTAMP NOT NULL
);

CREATE TRIGGER audit_chain_no_update BEFORE UPDATE OR DELETE ON audit_chain
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Entries that wait for their link. Written with the entry, taken away by the sealer: writers do not wait for one another.
CREATE TABLE audit_unsealed (
    position     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id     TEXT NOT NULL UNIQUE,
    -- What the changed record hangs on, and its version afterwards; for the feed of changes.
    subject_type TEXT,
    subject_id   TEXT,
    version      BIGINT
);

-- What was written before there was a chain is sealed too.
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_entries ORDER BY at, id;

CREATE INDEX audit_entries_by_request ON audit_entries (request_id, at, id);
