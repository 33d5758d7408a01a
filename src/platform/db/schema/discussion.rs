//! What is said of pilots, and which look alike.

diesel::table! {
    pilot_comments (id) {
        id -> Text,
        pilot_id -> Text,
        origin_pilot_id -> Nullable<Text>,
        author_id -> Text,
        is_internal -> Bool,
        text_bn -> Nullable<Text>,
        text_en -> Nullable<Text>,
        status -> Text,
        hidden_by -> Nullable<Text>,
        hidden_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pilot_supporters (pilot_id, user_id) {
        pilot_id -> Text,
        user_id -> Text,
        origin_pilot_id -> Nullable<Text>,
        supported_at -> Timestamp,
    }
}

diesel::table! {
    pilot_tallies (pilot_id) {
        pilot_id -> Text,
        supporters -> BigInt,
        open_duplicates -> BigInt,
    }
}

diesel::table! {
    pilot_duplicates (id) {
        id -> Text,
        pilot_id -> Text,
        other_id -> Text,
        score -> Integer,
        shared_words -> Text,
        status -> Text,
        proposal -> Nullable<Text>,
        proposal_reason -> Nullable<Text>,
        proposed_by -> Nullable<Text>,
        proposed_at -> Nullable<Timestamp>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    pilot_shingles (shingle, pilot_id) {
        shingle -> BigInt,
        pilot_id -> Text,
    }
}
