//! Time, cost and visits, and the figures made of them.

diesel::table! {
    tcv_measurements (id) {
        id -> Text,
        pilot_id -> Text,
        service_id -> Text,
        kind -> Text,
        method_version -> Text,
        sample_size -> Integer,
        period_start_on -> Date,
        period_end_on -> Date,
        district_code -> Nullable<Text>,
        time_travel -> Nullable<BigInt>,
        time_waiting -> Nullable<BigInt>,
        time_processing -> Nullable<BigInt>,
        cost_travel -> Nullable<BigInt>,
        cost_fees -> Nullable<BigInt>,
        cost_assistance -> Nullable<BigInt>,
        cost_communication -> Nullable<BigInt>,
        cost_other -> Nullable<BigInt>,
        visits_apply -> Nullable<BigInt>,
        visits_follow_up -> Nullable<BigInt>,
        visits_collect -> Nullable<BigInt>,
        status -> Text,
        created_by -> Text,
        submitted_at -> Nullable<Timestamp>,
        verified_by -> Nullable<Text>,
        verified_at -> Nullable<Timestamp>,
        return_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    service_volumes (id) {
        id -> Text,
        service_id -> Text,
        fiscal_year -> Integer,
        revision -> BigInt,
        volume -> BigInt,
        source -> Text,
        note -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    values_of_time (id) {
        id -> Text,
        fiscal_year -> Integer,
        revision -> BigInt,
        per_hour -> BigInt,
        source -> Text,
        note -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    attributions (id) {
        id -> Text,
        service_id -> Text,
        revision -> BigInt,
        reason -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    attribution_shares (attribution_id, pilot_id) {
        attribution_id -> Text,
        pilot_id -> Text,
        basis_points -> Integer,
    }
}

diesel::table! {
    pilot_effects (pilot_id, audience, from_day) {
        pilot_id -> Text,
        audience -> Text,
        from_day -> Date,
        until_day -> Nullable<Date>,
        service_id -> Text,
        method_version -> Text,
        saves_from -> Integer,
        basis_points -> Nullable<Integer>,
        time_base -> Nullable<BigInt>,
        time_end -> Nullable<BigInt>,
        cost_base -> Nullable<BigInt>,
        cost_end -> Nullable<BigInt>,
        visits_base -> Nullable<BigInt>,
        visits_end -> Nullable<BigInt>,
    }
}

diesel::table! {
    service_tcv (service_id, audience, day) {
        service_id -> Text,
        audience -> Text,
        day -> Date,
        totals -> Text,
    }
}
