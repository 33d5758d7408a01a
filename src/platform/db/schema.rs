//! The tables, as both engines have them. A test compares this file and those below it with what the migrations really
//! build.
#![allow(missing_docs)] // the column names say it; what they mean stands in the migrations

mod accounts;
mod events;

pub use accounts::*;
pub use events::*;

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
    plans (id) {
        id -> Text,
        pilot_id -> Text,
        number -> Integer,
        status -> Text,
        solution_design_bn -> Nullable<Text>,
        solution_design_en -> Nullable<Text>,
        implementation_plan_bn -> Nullable<Text>,
        implementation_plan_en -> Nullable<Text>,
        budget_lines -> Text,
        budget_total -> BigInt,
        risks -> Text,
        target_time -> Nullable<BigInt>,
        target_cost -> Nullable<BigInt>,
        target_visits -> Nullable<BigInt>,
        content_sha256 -> Nullable<Text>,
        created_by -> Text,
        submitted_at -> Nullable<Timestamp>,
        locked_at -> Nullable<Timestamp>,
        locked_by -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    milestones (id) {
        id -> Text,
        plan_id -> Text,
        pilot_id -> Text,
        position -> Integer,
        previous_id -> Nullable<Text>,
        title_bn -> Nullable<Text>,
        title_en -> Nullable<Text>,
        due_on -> Nullable<Date>,
        responsible_id -> Nullable<Text>,
        is_mandatory -> Bool,
        status -> Text,
        done_on -> Nullable<Date>,
        evidence -> Nullable<Text>,
        waived_by -> Nullable<Text>,
        waiver_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    final_reports (pilot_id) {
        pilot_id -> Text,
        what_worked_bn -> Nullable<Text>,
        what_worked_en -> Nullable<Text>,
        what_did_not_bn -> Nullable<Text>,
        what_did_not_en -> Nullable<Text>,
        cost_per_transaction -> Nullable<BigInt>,
        replication_needs_bn -> Nullable<Text>,
        replication_needs_en -> Nullable<Text>,
        public_summary_bn -> Nullable<Text>,
        public_summary_en -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

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
    gate_decisions (id) {
        id -> Text,
        pilot_id -> Text,
        gate -> Text,
        outcome -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        conditions -> Text,
        waivers -> Text,
        plan_id -> Nullable<Text>,
        decided_by -> Text,
        decided_at -> Timestamp,
        confirmed_by -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamp>,
        confirmation_reason -> Nullable<Text>,
        version -> BigInt,
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

diesel::allow_tables_to_appear_in_same_query!(audit_entries, audit_chain, audit_unsealed);
diesel::allow_tables_to_appear_in_same_query!(users, webhook_endpoints);
diesel::allow_tables_to_appear_in_same_query!(users, user_words);
diesel::allow_tables_to_appear_in_same_query!(webhook_deliveries, webhook_attempts);

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

diesel::joinable!(milestones -> plans (plan_id));
diesel::joinable!(pilot_facets -> pilots (pilot_id));
diesel::joinable!(pilot_members -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(api_keys -> service_accounts (service_account_id));
diesel::joinable!(service_accounts -> users (owner_id));
diesel::joinable!(attribution_shares -> attributions (attribution_id));
diesel::allow_tables_to_appear_in_same_query!(attributions, attribution_shares);
diesel::joinable!(pilot_comments -> users (author_id));
diesel::joinable!(pilot_supporters -> users (user_id));
diesel::joinable!(pilot_tallies -> pilots (pilot_id));
diesel::joinable!(pilot_handovers -> pilots (pilot_id));
diesel::allow_tables_to_appear_in_same_query!(
    idempotency_keys,
    audit_entries,
    codes,
    organisations,
    services,
    tcv_methods,
    users,
    user_roles,
    sessions,
    refresh_tokens,
    login_failures,
    pilots,
    pilot_members,
    pilot_facets,
    pilot_transitions,
    pilot_references,
    plans,
    milestones,
    final_reports,
    tcv_measurements,
    gate_decisions,
    pilot_words,
    organisation_words,
    service_words,
    registrations,
    account_letters,
    second_factors,
    recovery_codes,
    service_accounts,
    api_keys,
    attachments,
    attachment_parents,
    pilot_comments,
    pilot_supporters,
    pilot_tallies,
    pilot_duplicates,
    pilot_shingles,
    pilot_handovers,
    pilot_team_changes,
);
