//! Funds, rounds, requests, reviews, tranches, reports and the ledger.

diesel::table! {
    funds (id) {
        id -> Text,
        name_bn -> Nullable<Text>,
        name_en -> Nullable<Text>,
        description_bn -> Nullable<Text>,
        description_en -> Nullable<Text>,
        status -> Text,
        status_reason -> Nullable<Text>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    funding_rounds (id) {
        id -> Text,
        fund_id -> Text,
        number -> Integer,
        theme_bn -> Nullable<Text>,
        theme_en -> Nullable<Text>,
        description_bn -> Nullable<Text>,
        description_en -> Nullable<Text>,
        status -> Text,
        opens_at -> Timestamp,
        closes_at -> Timestamp,
        is_sealed -> Bool,
        smallest_award -> BigInt,
        largest_award -> BigInt,
        two_approvers_above -> BigInt,
        minimum_reviewers -> Integer,
        panel_quorum -> Integer,
        spread_threshold -> Integer,
        rubric -> Text,
        eligibility_rules -> Text,
        minimum_utilisation -> Integer,
        most_tranches -> Integer,
        agreement_within_days -> Integer,
        release_on -> Date,
        released_at -> Nullable<Timestamp>,
        released_by -> Nullable<Text>,
        created_by -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    round_extensions (id) {
        id -> Text,
        round_id -> Text,
        from_closes_at -> Timestamp,
        to_closes_at -> Timestamp,
        reason -> Text,
        extended_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    panel_meetings (id) {
        id -> Text,
        round_id -> Text,
        held_on -> Date,
        attendees -> Text,
        minutes_bn -> Nullable<Text>,
        minutes_en -> Nullable<Text>,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    funding_references (year) {
        year -> Integer,
        last_number -> BigInt,
    }
}

diesel::table! {
    funding_requests (id) {
        id -> Text,
        reference -> Nullable<Text>,
        fund_id -> Text,
        round_id -> Text,
        pilot_id -> Text,
        status -> Text,
        requested -> BigInt,
        purpose_bn -> Nullable<Text>,
        purpose_en -> Nullable<Text>,
        budget_lines -> Text,
        co_funding -> Text,
        plan_id -> Nullable<Text>,
        created_by -> Text,
        submitted_by -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        change_parts -> Text,
        change_reason -> Nullable<Text>,
        change_due_on -> Nullable<Date>,
        eligibility_check -> Integer,
        panel_meeting_id -> Nullable<Text>,
        recommended -> Nullable<BigInt>,
        recommended_by -> Nullable<Text>,
        recommended_at -> Nullable<Timestamp>,
        first_approver_id -> Nullable<Text>,
        first_approved -> Nullable<BigInt>,
        first_approved_at -> Nullable<Timestamp>,
        awarded -> Nullable<BigInt>,
        awarded_by -> Nullable<Text>,
        awarded_at -> Nullable<Timestamp>,
        waitlisted_at -> Nullable<Timestamp>,
        decision_reason -> Nullable<Text>,
        agreement_due_on -> Nullable<Date>,
        agreement_file_id -> Nullable<Text>,
        owner_signed_by -> Nullable<Text>,
        owner_signed_at -> Nullable<Timestamp>,
        officer_signed_by -> Nullable<Text>,
        officer_signed_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    funding_request_transitions (id) {
        id -> Text,
        request_id -> Text,
        command -> Text,
        from_status -> Text,
        to_status -> Text,
        actor_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        version -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    eligibility_results (id) {
        id -> Text,
        request_id -> Text,
        check_number -> Integer,
        rule_code -> Text,
        is_met -> Bool,
        reason_bn -> Nullable<Text>,
        reason_en -> Nullable<Text>,
        decided_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    funding_reviews (id) {
        id -> Text,
        request_id -> Text,
        reviewer_id -> Text,
        status -> Text,
        assigned_by -> Text,
        due_on -> Date,
        declared_at -> Nullable<Timestamp>,
        conflict -> Nullable<Text>,
        scores -> Text,
        private_comment -> Nullable<Text>,
        public_comment -> Nullable<Text>,
        score -> Nullable<Integer>,
        submitted_at -> Nullable<Timestamp>,
        replaced_by_id -> Nullable<Text>,
        replace_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    tranches (id) {
        id -> Text,
        request_id -> Text,
        pilot_id -> Text,
        number -> Integer,
        amount -> BigInt,
        planned_on -> Date,
        milestones -> Text,
        is_post_completion -> Bool,
        status -> Text,
        requested_by -> Nullable<Text>,
        requested_at -> Nullable<Timestamp>,
        approved_by -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        disbursed_by -> Nullable<Text>,
        disbursed_at -> Nullable<Timestamp>,
        payment_reference -> Nullable<Text>,
        paid_on -> Nullable<Date>,
        status_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    tranche_transitions (id) {
        id -> Text,
        tranche_id -> Text,
        request_id -> Text,
        command -> Text,
        from_status -> Text,
        to_status -> Text,
        actor_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    expenditure_reports (id) {
        id -> Text,
        tranche_id -> Text,
        request_id -> Text,
        pilot_id -> Text,
        status -> Text,
        lines -> Text,
        total -> BigInt,
        accepted -> Nullable<BigInt>,
        created_by -> Text,
        submitted_by -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        checked_by -> Nullable<Text>,
        checked_at -> Nullable<Timestamp>,
        accepted_by -> Nullable<Text>,
        accepted_at -> Nullable<Timestamp>,
        status_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    funding_sources (id) {
        id -> Text,
        pilot_id -> Text,
        kind -> Text,
        provider_bn -> Nullable<Text>,
        provider_en -> Nullable<Text>,
        amount -> BigInt,
        description -> Nullable<Text>,
        status -> Text,
        document_id -> Nullable<Text>,
        declared_by -> Text,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    ledger_entries (fund_id, seq) {
        fund_id -> Text,
        seq -> BigInt,
        id -> Text,
        kind -> Text,
        effect -> Text,
        amount -> BigInt,
        round_id -> Nullable<Text>,
        request_id -> Nullable<Text>,
        tranche_id -> Nullable<Text>,
        reverses_id -> Nullable<Text>,
        step_key -> Text,
        step_part -> Integer,
        actor_id -> Nullable<Text>,
        service_account_id -> Nullable<Text>,
        reason -> Nullable<Text>,
        payment_reference -> Nullable<Text>,
        paid_on -> Nullable<Date>,
        at -> Timestamp,
        fund_capital -> BigInt,
        fund_allocated -> BigInt,
        round_allocated -> BigInt,
        round_reserved -> BigInt,
        round_committed -> BigInt,
        round_disbursed -> BigInt,
        request_reserved -> BigInt,
        request_committed -> BigInt,
        request_disbursed -> BigInt,
        tranche_disbursed -> BigInt,
    }
}
