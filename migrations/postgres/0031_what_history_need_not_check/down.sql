DROP TRIGGER pilot_members_support_no_more ON pilot_members;
DROP TRIGGER pilot_members_do_not_support ON pilot_members;
CREATE TRIGGER pilot_members_do_not_support AFTER INSERT OR UPDATE ON pilot_members
FOR EACH ROW EXECUTE FUNCTION drop_support();
ALTER TABLE pilot_words
    DROP CONSTRAINT pilot_words_pkey,
    ADD CONSTRAINT pilot_words_pkey PRIMARY KEY (number),
    ADD CONSTRAINT pilot_words_pilot_id_key UNIQUE (pilot_id);
ALTER TABLE changes ADD CONSTRAINT changes_entry_id_key UNIQUE (entry_id);
ALTER TABLE audit_unsealed ADD CONSTRAINT audit_unsealed_entry_id_key UNIQUE (entry_id);
DROP INDEX audit_entries_by_service_account;
CREATE INDEX audit_entries_by_service_account ON audit_entries (service_account_id, at, id);
ALTER TABLE pilot_team_changes
    ADD CONSTRAINT pilot_team_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    ADD CONSTRAINT pilot_team_changes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id);
