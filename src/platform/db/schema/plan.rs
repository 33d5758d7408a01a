//! Plans, milestones, final reports and the gates.

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
