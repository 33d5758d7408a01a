-- What a new pilot pays for and nobody asks. A foreign key is looked up row by row, 15 to 25 µs each, and locks the person's
-- row; an index that no query reads is written all the same.

-- History: written once, with people who are signed in or were just added to the team, and whom nothing deletes.
ALTER TABLE pilot_team_changes
    DROP CONSTRAINT pilot_team_changes_user_id_fkey,
    DROP CONSTRAINT pilot_team_changes_actor_id_fkey;

-- Most entries are nobody's service account's.
DROP INDEX audit_entries_by_service_account;
CREATE INDEX audit_entries_by_service_account ON audit_entries (service_account_id, at, id)
WHERE service_account_id IS NOT NULL;

-- Both are filled from entries whose ids are unique, and audit_chain, which is filled with them, refuses a second.
ALTER TABLE audit_unsealed DROP CONSTRAINT audit_unsealed_entry_id_key;
ALTER TABLE changes DROP CONSTRAINT changes_entry_id_key;

-- The number is SQLite's, for its index of words.
ALTER TABLE pilot_words
    DROP CONSTRAINT pilot_words_pkey,
    DROP CONSTRAINT pilot_words_pilot_id_key,
    ADD CONSTRAINT pilot_words_pkey PRIMARY KEY (pilot_id);

-- A new pilot has no supporters whom its first owner could be. Later owners come as members first.
DROP TRIGGER pilot_members_do_not_support ON pilot_members;
CREATE TRIGGER pilot_members_do_not_support AFTER INSERT ON pilot_members
FOR EACH ROW WHEN (NEW.role <> 'owner') EXECUTE FUNCTION drop_support();
CREATE TRIGGER pilot_members_support_no_more AFTER UPDATE ON pilot_members
FOR EACH ROW EXECUTE FUNCTION drop_support();
