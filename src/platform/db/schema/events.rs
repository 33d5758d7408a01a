//! What is written down of every change, and what leaves the program.

diesel::table! {
    idempotency_keys (principal, method, route, key) {
        principal -> Text,
        method -> Text,
        route -> Text,
        key -> Text,
        payload_sha256 -> Text,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> Text,
        at -> Timestamp,
        actor_id -> Nullable<Text>,
        operation -> Text,
        record_type -> Text,
        record_id -> Text,
        request_id -> Text,
        address -> Nullable<Text>,
        before_sha256 -> Nullable<Text>,
        after_sha256 -> Nullable<Text>,
        service_account_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_chain (seq) {
        seq -> BigInt,
        entry_id -> Text,
        previous_hash -> Text,
        hash -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    audit_unsealed (position) {
        position -> BigInt,
        entry_id -> Text,
        subject_type -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        version -> Nullable<BigInt>,
    }
}

diesel::table! {
    changes (position) {
        position -> BigInt,
        entry_id -> Text,
        record_type -> Text,
        record_id -> Text,
        subject_type -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        action -> Text,
        version -> Nullable<BigInt>,
        at -> Timestamp,
        actor_id -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> Text,
        owner_id -> Text,
        url -> Text,
        description -> Nullable<Text>,
        record_types -> Text,
        status -> Text,
        status_reason -> Nullable<Text>,
        secret_salt -> Text,
        old_secret_salt -> Nullable<Text>,
        old_secret_until -> Nullable<Timestamp>,
        start_position -> BigInt,
        failing_since -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        service_account_id -> Nullable<Text>,
        disabled_by -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> Text,
        endpoint_id -> Text,
        position -> Nullable<BigInt>,
        status -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_attempts (delivery_id, number) {
        delivery_id -> Text,
        number -> Integer,
        at -> Timestamp,
        http_status -> Nullable<Integer>,
        milliseconds -> Integer,
        error -> Nullable<Text>,
        response -> Nullable<Text>,
    }
}

diesel::table! {
    webhook_progress (name) {
        name -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        token -> BigInt,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    outbox_messages (position) {
        position -> BigInt,
        id -> Text,
        topic -> Text,
        record_key -> Text,
        payload -> Nullable<Text>,
        status -> Text,
        attempts -> Integer,
        created_at -> Timestamp,
        due_at -> Timestamp,
        last_attempt_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        finished_at -> Nullable<Timestamp>,
    }
}
