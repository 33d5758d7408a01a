//! People, their logins, and the programs that act for them.

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        designation_bn -> Nullable<Text>,
        designation_en -> Nullable<Text>,
        organisation_id -> Nullable<Text>,
        language -> Text,
        password_hash -> Text,
        password_changed_at -> Timestamp,
        must_change_password -> Bool,
        status -> Text,
        status_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        second_factor_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    user_words (number) {
        number -> BigInt,
        user_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    user_roles (user_id, role) {
        user_id -> Text,
        role -> Text,
        granted_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        authenticated_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    refresh_tokens (token_sha256) {
        token_sha256 -> Text,
        session_id -> Text,
        issued_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    login_failures (scope) {
        scope -> Text,
        failures -> Integer,
        last_failed_at -> Timestamp,
        blocked_until -> Timestamp,
    }
}

diesel::table! {
    registrations (id) {
        id -> Text,
        email -> Text,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        designation_bn -> Nullable<Text>,
        designation_en -> Nullable<Text>,
        organisation_id -> Nullable<Text>,
        language -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    account_letters (id) {
        id -> Text,
        purpose -> Text,
        email -> Text,
        registration_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        token_sha256 -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> Text,
        sealed_secret -> Text,
        last_step -> BigInt,
        confirmed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (user_id, code_digest) {
        user_id -> Text,
        code_digest -> Text,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    service_accounts (id) {
        id -> Text,
        owner_id -> Text,
        name -> Text,
        scopes -> Text,
        ends_on -> Date,
        status -> Text,
        status_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        service_account_id -> Text,
        prefix -> Text,
        key_sha256 -> Text,
        expires_on -> Date,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}
