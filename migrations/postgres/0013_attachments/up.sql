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
CREATE FUNCTION attachments_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.parent_kind, NEW.parent_id, NEW.object_key, NEW.file_name, NEW.media_type, NEW.size, NEW.sha256, NEW.uploaded_by)
        IS DISTINCT FROM (OLD.parent_kind, OLD.parent_id, OLD.object_key, OLD.file_name, OLD.media_type, OLD.size,
        OLD.sha256, OLD.uploaded_by) OR OLD.deleted_at IS NOT NULL THEN
        RAISE EXCEPTION 'an attachment is frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachments_frozen BEFORE UPDATE ON attachments FOR EACH ROW EXECUTE FUNCTION attachments_frozen();

-- A draft that is deleted takes its files along; their objects are swept later.
CREATE FUNCTION attachments_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM attachments WHERE parent_kind = TG_ARGV[0] AND parent_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER attachments_of_pilots AFTER DELETE ON pilots
FOR EACH ROW EXECUTE FUNCTION attachments_follow('pilot');
CREATE TRIGGER attachments_of_plans AFTER DELETE ON plans
FOR EACH ROW EXECUTE FUNCTION attachments_follow('plan');
CREATE TRIGGER attachments_of_measurements AFTER DELETE ON tcv_measurements
FOR EACH ROW EXECUTE FUNCTION attachments_follow('tcv_measurement');
