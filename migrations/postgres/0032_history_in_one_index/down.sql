CREATE OR REPLACE FUNCTION pilot_index_follows () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM pilot_facets WHERE pilot_id = OLD.id;
    DELETE FROM pilot_words WHERE pilot_id = OLD.id;
    RETURN NULL;
END
$$;
CREATE INDEX pilot_team_changes_in_time ON pilot_team_changes (pilot_id, at, id);
ALTER TABLE pilot_team_changes
    DROP CONSTRAINT pilot_team_changes_pkey,
    ADD CONSTRAINT pilot_team_changes_pkey PRIMARY KEY (id),
    ADD CONSTRAINT pilot_team_changes_pilot_id_fkey FOREIGN KEY (pilot_id) REFERENCES pilots (id) ON DELETE CASCADE;
