-- Files that prove something. The bytes lie in the object store; a row is written after its object and never before.

-- What a file can hang on; a later migration adds its own kinds, and the trigger that cleans up after them.
CREATE TABLE attachment_parents (
    kind TEXT PRIMARY KEY NOT NULL
);
INSERT INTO attachment_parents (kind) VALUES ('pilot'), ('plan'), ('tcv_measurement');

CREATE TABLE attachments (
    id          TEXT PRIMARY KEY NOT NULL,
    parent_kind TEXT NOT NULL REFERENCES attachment_parents (kind),
    parent_id   TEXT NOT NULL,
    object_key  TEXT NOT NULL UNIQUE,
    file_name   TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    size        BIGINT NOT NULL CHECK (size > 0),
    sha256      TEXT NOT NULL,
    description TEXT,
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    deleted_by  TEXT REFERENCES users (id),
    deleted_at  TIMESTAMP,
    version     BIGINT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    CHECK ((deleted_by IS NULL) = (deleted_at IS NULL))
);
CREATE INDEX attachments_by_parent ON attachments (parent_kind, parent_id, id);

-- What was shown to someone stays what it was; a file can only be taken away.
CREATE TRIGGER attachments_frozen BEFORE UPDATE ON attachments WHEN
    NEW.parent_kind IS NOT OLD.parent_kind OR NEW.parent_id IS NOT OLD.parent_id OR NEW.object_key IS NOT OLD.object_key
    OR NEW.file_name IS NOT OLD.file_name OR NEW.media_type IS NOT OLD.media_type OR NEW.size IS NOT OLD.size
    OR NEW.sha256 IS NOT OLD.sha256 OR NEW.uploaded_by IS NOT OLD.uploaded_by OR OLD.deleted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an attachment is frozen'); END;

-- A draft that is deleted takes its files along; their objects are swept later.
CREATE TRIGGER attachments_of_pilots AFTER DELETE ON pilots
BEGIN DELETE FROM attachments WHERE parent_kind = 'pilot' AND parent_id = OLD.id; END;
CREATE TRIGGER attachments_of_plans AFTER DELETE ON plans
BEGIN DELETE FROM attachments WHERE parent_kind = 'plan' AND parent_id = OLD.id; END;
CREATE TRIGGER attachments_of_measurements AFTER DELETE ON tcv_measurements
BEGIN DELETE FROM attachments WHERE parent_kind = 'tcv_measurement' AND parent_id = OLD.id; END;
