DROP TRIGGER pilot_index_follows ON pilots;
DROP FUNCTION pilot_index_follows ();
ALTER TABLE pilot_words ADD CONSTRAINT pilot_words_pilot_id_fkey
    FOREIGN KEY (pilot_id) REFERENCES pilots (id) ON DELETE CASCADE;
ALTER TABLE pilot_facets ADD CONSTRAINT pilot_facets_pilot_id_fkey
    FOREIGN KEY (pilot_id) REFERENCES pilots (id) ON DELETE CASCADE;
ALTER TABLE pilot_facets ALTER COLUMN kind TYPE TEXT, ADD CONSTRAINT pilot_facets_kind_check CHECK (kind IN ('sector',
    'service', 'organisation', 'owner', 'member', 'division', 'district', 'upazila', 'sdg_goal', 'sdg_target', 'tag'));
ALTER TABLE pilot_team_changes
    ALTER COLUMN change TYPE TEXT,
    ADD CONSTRAINT pilot_team_changes_change_check CHECK (change IN ('joined', 'left', 'role_changed')),
    ALTER COLUMN role TYPE TEXT,
    ADD CONSTRAINT pilot_team_changes_role_check CHECK (role IN ('owner', 'deputy', 'member'));
ALTER TABLE pilot_members
    ALTER COLUMN role TYPE TEXT,
    ADD CONSTRAINT pilot_members_role_check CHECK (role IN ('owner', 'deputy', 'member'));
ALTER TABLE pilots
    ALTER COLUMN status TYPE TEXT,
    ADD CONSTRAINT pilots_status_check CHECK (status IN ('draft', 'submitted', 'screening', 'changes_requested', 'rejected',
        'merged', 'withdrawn', 'design', 'in_execution', 'on_hold', 'discontinued', 'completed', 'showcased', 'closed')),
    ALTER COLUMN phase TYPE TEXT,
    ADD CONSTRAINT pilots_phase_check CHECK (phase IN ('initiation', 'execution', 'celebration')),
    ALTER COLUMN origin TYPE TEXT,
    ADD CONSTRAINT pilots_origin_check CHECK (origin IN ('empathy_visit', 'citizen_feedback', 'circle', 'training',
        'replication', 'own_idea'));
DROP DOMAIN pilot_status, pilot_phase, pilot_origin, pilot_member_role, pilot_team_change, pilot_facet_kind;
