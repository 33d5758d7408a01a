//! Pilots, their teams and their way.

diesel::table! {
    pilots (id) {
        id -> Text,
        reference -> Nullable<Text>,
        title_bn -> Nullable<Text>,
        title_en -> Nullable<Text>,
        summary_bn -> Nullable<Text>,
        summary_en -> Nullable<Text>,
        problem_bn -> Nullable<Text>,
        problem_en -> Nullable<Text>,
        proposed_change_bn -> Nullable<Text>,
        proposed_change_en -> Nullable<Text>,
        citizen_group_bn -> Nullable<Text>,
        citizen_group_en -> Nullable<Text>,
        underserved -> Text,
        service_id -> Nullable<Text>,
        sector_code -> Nullable<Text>,
        districts -> Text,
        sdg_targets -> Text,
        tags -> Text,
        origin -> Text,
        owner_id -> Text,
        deputy_id -> Nullable<Text>,
        organisation_id -> Text,
        phase -> Text,
        status -> Text,
        is_listed -> Bool,
        is_public -> Bool,
        screener_id -> Nullable<Text>,
        changes_due_on -> Nullable<Date>,
        review_on -> Nullable<Date>,
        merged_into_id -> Nullable<Text>,
        lessons -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        screening_at -> Nullable<Timestamp>,
        initiated_at -> Nullable<Timestamp>,
        execution_at -> Nullable<Timestamp>,
        completed_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        published_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        upazilas -> Text,
    }
}

diesel::table! {
    pilot_members (pilot_id, user_id) {
        pilot_id -> Text,
        user_id -> Text,
        role -> Text,
        added_at -> Timestamp,
        left_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    pilot_facets (kind, value, pilot_id) {
        kind -> Text,
        value -> Text,
        pilot_id -> Text,
        pilot_updated_at -> Timestamp,
    }
}

diesel::table! {
    pilot_transitions (id) {
        id -> Text,
        pilot_id -> Text,
        command -> Text,
        from_status -> Text,
        to_status -> Text,
        actor_id -> Text,
        reason_code -> Nullable<Text>,
        reason -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    pilot_references (year) {
        year -> Integer,
        last_number -> BigInt,
    }
}

diesel::table! {
    pilot_words (number) {
        number -> BigInt,
        pilot_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    pilot_handovers (id) {
        id -> Text,
        pilot_id -> Text,
        from_user_id -> Text,
        to_user_id -> Text,
        offered_by -> Text,
        previous_owner_stays -> Bool,
        reason -> Nullable<Text>,
        status -> Text,
        expires_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
        answered_by -> Nullable<Text>,
        answer_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pilot_team_changes (id) {
        id -> Text,
        pilot_id -> Text,
        user_id -> Text,
        change -> Text,
        role -> Text,
        actor_id -> Nullable<Text>,
        at -> Timestamp,
    }
}
