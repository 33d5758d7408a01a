-- The history of a team is read by pilot and in time, and never by its number: one index says both. It is written with the
-- member of the same statement, whose foreign key has looked the pilot up.
ALTER TABLE pilot_team_changes
    DROP CONSTRAINT pilot_team_changes_pkey,
    DROP CONSTRAINT pilot_team_changes_pilot_id_fkey,
    ADD CONSTRAINT pilot_team_changes_pkey PRIMARY KEY (pilot_id, at, id);
DROP INDEX pilot_team_changes_in_time;

CREATE OR REPLACE FUNCTION pilot_index_follows () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM pilot_facets WHERE pilot_id = OLD.id;
    DELETE FROM pilot_words WHERE pilot_id = OLD.id;
    DELETE FROM pilot_team_changes WHERE pilot_id = OLD.id;
    RETURN NULL;
END
$$;
