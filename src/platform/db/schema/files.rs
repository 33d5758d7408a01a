//! Files.

diesel::table! {
    attachments (id) {
        id -> Text,
        parent_kind -> Text,
        parent_id -> Text,
        object_key -> Text,
        file_name -> Text,
        media_type -> Text,
        size -> BigInt,
        sha256 -> Text,
        description -> Nullable<Text>,
        uploaded_by -> Text,
        deleted_by -> Nullable<Text>,
        deleted_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    attachment_parents (kind) {
        kind -> Text,
    }
}
