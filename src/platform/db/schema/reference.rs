//! What everything refers to: codes, organisations, services.

diesel::table! {
    codes (scheme, code) {
        scheme -> Text,
        code -> Text,
        parent_code -> Nullable<Text>,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        position -> BigInt,
        is_active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    organisations (id) {
        id -> Text,
        parent_id -> Nullable<Text>,
        kind -> Text,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        district_code -> Nullable<Text>,
        is_active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        code -> Nullable<Text>,
        upazila_code -> Nullable<Text>,
    }
}

diesel::table! {
    services (id) {
        id -> Text,
        sector_code -> Text,
        organisation_id -> Text,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        is_active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        code -> Nullable<Text>,
    }
}

diesel::table! {
    tcv_methods (version) {
        version -> Text,
        name_bn -> Text,
        name_en -> Text,
        minimum_sample_size -> Integer,
        minimum_days_between -> Integer,
    }
}

diesel::table! {
    organisation_words (number) {
        number -> BigInt,
        organisation_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    service_words (number) {
        number -> BigInt,
        service_id -> Text,
        body -> Text,
    }
}
