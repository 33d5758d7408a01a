//! The one permission table: who may do what, and who may not although they hold the role. A test prints it into
//! `docs/generated/permissions.md`, another fails when an operation is missing here or has no case in the matrix.
//!
//! Seeing a pilot at all comes before this table: see `pilots::access`.

use crate::platform::auth::{
    Permission,
    Role::{Admin, Auditor, FinanceOfficer, FundApprover, FundOfficer, Innovator, ProgrammeOfficer},
    Unless::{self, FirstDecider as NotFirstDecider, Guest, InOwnersOrganisation, InTeam, Oneself as NotOneself},
    Who::{self, Anyone, Deputy, FirstDecider, Holder, LoggedIn, Oneself, Owner, Receiver, Role, Screener, Team},
};

const OFFICER: &[Who] = &[Role(ProgrammeOfficer)];
const ADMIN: &[Who] = &[Role(Admin)];
const TEAM: &[Who] = &[Team];
/// The team, and staff: `Role::STAFF`.
const INSIDERS: &[Who] = &[
    Team,
    Role(ProgrammeOfficer),
    Role(FundOfficer),
    Role(FundApprover),
    Role(FinanceOfficer),
    Role(Auditor),
    Role(Admin),
];
/// Who reads the books of the fund.
const FUND_READERS: &[Who] = &[Role(FundOfficer), Role(FundApprover), Role(FinanceOfficer), Role(Auditor)];
const OUTSIDE_TEAM: &[Unless] = &[InTeam];

const fn allow(action: &'static str, allowed: &'static [Who]) -> Permission {
    Permission { action, allowed, unless: &[] }
}

const fn allow_unless(action: &'static str, allowed: &'static [Who], unless: &'static [Unless]) -> Permission {
    Permission { action, allowed, unless }
}

/// The table.
pub const PERMISSIONS: &[Permission] = &[
    // system
    allow("get_health", &[Anyone]),
    allow("get_readiness", &[Anyone]),
    allow("get_jwks", &[Anyone]),
    allow("get_openapi", &[Anyone]),
    // identity
    allow("login", &[Anyone]),
    allow("refresh", &[Anyone]),
    allow("logout", &[LoggedIn]),
    allow("logout_everywhere", &[LoggedIn]),
    allow("get_me", &[LoggedIn]),
    allow("update_me", &[LoggedIn]),
    allow("change_password", &[LoggedIn]),
    allow("list_people", &[LoggedIn]),
    allow("list_users", &[Role(Admin), Role(Auditor)]),
    allow("get_user", &[Role(Admin), Role(Auditor)]),
    allow("create_user", ADMIN),
    allow("update_user", ADMIN),
    allow("transition_user.disable", ADMIN),
    allow("transition_user.enable", ADMIN),
    allow_unless("grant_role", ADMIN, &[NotOneself]),
    allow("revoke_role", ADMIN),
    allow("reset_password", ADMIN),
    // reference
    allow("list_divisions", &[Anyone]),
    allow("get_division", &[Anyone]),
    allow("update_division", ADMIN),
    allow("list_districts", &[Anyone]),
    allow("get_district", &[Anyone]),
    allow("update_district", ADMIN),
    allow("list_sectors", &[Anyone]),
    allow("get_sector", &[Anyone]),
    allow("create_sector", ADMIN),
    allow("update_sector", ADMIN),
    allow("list_sdg_goals", &[Anyone]),
    allow("get_sdg_goal", &[Anyone]),
    allow("update_sdg_goal", ADMIN),
    allow("list_sdg_targets", &[Anyone]),
    allow("get_sdg_target", &[Anyone]),
    allow("update_sdg_target", ADMIN),
    allow("list_organisations", &[Anyone]),
    allow("get_organisation", &[Anyone]),
    allow("create_organisation", ADMIN),
    allow("update_organisation", ADMIN),
    allow("list_services", &[Anyone]),
    allow("get_service", &[Anyone]),
    allow("create_service", ADMIN),
    allow("update_service", ADMIN),
    allow("list_tcv_methods", &[Anyone]),
    // pilots
    allow("list_pilots", &[Anyone, LoggedIn]),
    allow("get_pilot", &[Anyone, LoggedIn]),
    allow("create_pilot", &[Role(Innovator)]),
    allow("update_pilot", TEAM),
    allow("delete_pilot", &[Owner]),
    allow("list_pilot_transitions", &[LoggedIn]),
    allow("get_pilot_actions", &[LoggedIn]),
    allow("list_pilot_members", &[LoggedIn]),
    allow("add_pilot_member", &[Owner, Deputy]),
    allow("remove_pilot_member", &[Owner, Deputy, Oneself]),
    allow("transition_pilot.submit", &[Owner, Deputy]),
    allow_unless("transition_pilot.start_screening", OFFICER, &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_pilot.request_changes", &[Screener], &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_pilot.accept", &[Screener], &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_pilot.reject", &[Screener], &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_pilot.merge", &[Screener], &[InTeam, InOwnersOrganisation]),
    allow("transition_pilot.withdraw", &[Owner]),
    allow_unless("transition_pilot.hold", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_pilot.resume", OFFICER, OUTSIDE_TEAM),
    allow("transition_pilot.discontinue", &[Owner, Role(ProgrammeOfficer)]),
    allow_unless("transition_pilot.publish", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_pilot.unpublish", OFFICER, OUTSIDE_TEAM),
    // comments and supporters
    allow("list_pilot_comments", &[Anyone, LoggedIn]),
    allow("get_pilot_comment", &[Anyone, LoggedIn]),
    allow_unless("add_pilot_comment", &[LoggedIn], &[Guest]),
    allow("transition_pilot_comment.retract", &[Oneself]),
    allow_unless("transition_pilot_comment.hide", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_pilot_comment.show", OFFICER, OUTSIDE_TEAM),
    allow("list_supporters", &[LoggedIn]),
    allow_unless("support_pilot", &[LoggedIn], &[InTeam, Guest]),
    allow("withdraw_support", &[Oneself]),
    // duplicates
    allow("list_pilot_duplicates", INSIDERS),
    allow("get_duplicate", INSIDERS),
    allow("transition_duplicate.propose", &[Owner, Deputy]),
    allow_unless("transition_duplicate.dismiss", OFFICER, &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_duplicate.accept", OFFICER, &[InTeam, InOwnersOrganisation]),
    allow_unless("transition_duplicate.reopen", OFFICER, &[InTeam, InOwnersOrganisation]),
    // handovers
    allow("list_pilot_handovers", INSIDERS),
    allow("list_handovers", &[LoggedIn]),
    allow("get_handover", &[LoggedIn]),
    allow("offer_handover.own", &[Owner]),
    allow_unless("offer_handover.on_behalf", OFFICER, OUTSIDE_TEAM),
    allow("transition_handover.accept", &[Receiver]),
    allow("transition_handover.decline", &[Receiver]),
    allow("transition_handover.withdraw", &[Owner, Oneself]),
    // timeline
    allow("get_pilot_timeline", &[LoggedIn]),
    // plans
    allow("list_plans", &[LoggedIn]),
    allow("get_plan", &[LoggedIn]),
    allow("create_plan", TEAM),
    allow("update_plan", TEAM),
    allow("delete_plan", &[Owner, Deputy]),
    allow("transition_plan.submit", &[Owner, Deputy]),
    allow_unless("transition_plan.approve", OFFICER, OUTSIDE_TEAM),
    allow("get_milestone", &[LoggedIn]),
    allow("transition_milestone.complete", TEAM),
    allow("transition_milestone.reopen", TEAM),
    allow_unless("transition_milestone.waive", OFFICER, OUTSIDE_TEAM),
    allow("get_final_report", &[LoggedIn]),
    allow("update_final_report", TEAM),
    // tcv
    allow("list_measurements", &[LoggedIn]),
    allow("get_measurement", &[LoggedIn]),
    allow("create_measurement", TEAM),
    allow("update_measurement", TEAM),
    allow("delete_measurement", TEAM),
    allow("transition_measurement.submit", TEAM),
    allow_unless("transition_measurement.verify", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_measurement.return", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_measurement.publish", OFFICER, OUTSIDE_TEAM),
    allow("get_tcv_comparison", &[Anyone, LoggedIn]),
    // impact
    allow("list_service_volumes", &[Anyone, LoggedIn]),
    allow("get_service_volume", &[Anyone, LoggedIn]),
    allow_unless("create_service_volume", OFFICER, OUTSIDE_TEAM),
    allow("list_values_of_time", &[Anyone, LoggedIn]),
    allow("get_value_of_time", &[Anyone, LoggedIn]),
    allow("create_value_of_time", &[Role(ProgrammeOfficer), Role(Admin)]),
    allow("list_attributions", &[LoggedIn]),
    allow("get_attribution", &[LoggedIn]),
    allow_unless("create_attribution", OFFICER, OUTSIDE_TEAM),
    allow("get_service_tcv", &[Anyone, LoggedIn]),
    allow("get_sector_tcv", &[Anyone, LoggedIn]),
    allow("get_programme_tcv", &[Anyone, LoggedIn]),
    allow("get_service_savings", &[Anyone, LoggedIn]),
    allow("get_sector_savings", &[Anyone, LoggedIn]),
    allow("get_programme_savings", &[Anyone, LoggedIn]),
    allow("get_pilot_savings", &[Anyone, LoggedIn]),
    // gates
    allow("get_gate", &[LoggedIn]),
    allow("list_gate_decisions", &[LoggedIn]),
    allow("get_gate_decision", &[LoggedIn]),
    allow_unless("create_gate_decision", OFFICER, OUTSIDE_TEAM),
    allow_unless("transition_gate_decision.confirm", OFFICER, &[InTeam, NotFirstDecider]),
    allow_unless("transition_gate_decision.reject", OFFICER, &[InTeam, NotFirstDecider]),
    allow("transition_gate_decision.withdraw", &[FirstDecider]),
    // audit
    allow("list_audit_entries", &[Role(Auditor)]),
    allow("get_audit_entry", &[Role(Auditor)]),
    allow("export_audit_entries", &[Role(Auditor)]),
    // events: outbox
    allow("list_outbox_messages", &[Role(Admin), Role(Auditor)]),
    allow("get_outbox_message", &[Role(Admin), Role(Auditor)]),
    // events: changes and webhooks
    allow("list_changes", &[LoggedIn]),
    allow("list_webhook_endpoints", &[LoggedIn]),
    allow("get_webhook_endpoint", &[Oneself, Role(Admin), Role(Auditor)]),
    allow("create_webhook_endpoint", &[LoggedIn]),
    allow("update_webhook_endpoint", &[LoggedIn]),
    allow("delete_webhook_endpoint", &[LoggedIn]),
    allow("transition_webhook_endpoint.pause", &[Oneself]),
    allow("transition_webhook_endpoint.enable", &[Oneself, Role(Admin)]),
    allow("transition_webhook_endpoint.disable", ADMIN),
    allow("rotate_webhook_secret", &[LoggedIn]),
    allow("test_webhook_endpoint", &[LoggedIn]),
    allow("replay_webhook_deliveries", &[LoggedIn]),
    allow("list_webhook_deliveries", &[LoggedIn]),
    allow("get_webhook_delivery", &[LoggedIn]),
    allow("replay_webhook_delivery", &[LoggedIn]),
    // registration
    allow("get_registration_rules", &[Anyone]),
    allow("register", &[Anyone]),
    allow("resend_registration", &[Anyone]),
    allow("confirm_registration", &[Anyone]),
    allow("request_password_reset", &[Anyone]),
    allow("confirm_password_reset", &[Anyone]),
    // second factor
    allow("get_second_factor", &[LoggedIn]),
    allow("begin_second_factor", &[LoggedIn]),
    allow("confirm_second_factor", &[LoggedIn]),
    allow("disable_second_factor", &[LoggedIn]),
    allow("regenerate_recovery_codes", &[LoggedIn]),
    allow("reset_second_factor", ADMIN),
    // service accounts
    allow("list_service_accounts", &[LoggedIn]),
    allow("create_service_account", &[LoggedIn]),
    allow("get_service_account", &[Holder, Role(Admin), Role(Auditor)]),
    allow("update_service_account", &[Holder]),
    allow("transition_service_account.revoke", &[Holder, Role(Admin)]),
    allow("list_api_keys", &[Holder, Role(Admin), Role(Auditor)]),
    allow("create_api_key", &[Holder]),
    allow("revoke_api_key", &[Holder, Role(Admin)]),
    // upazilas, imports
    allow("list_upazilas", &[Anyone]),
    allow("get_upazila", &[Anyone]),
    allow("update_upazila", ADMIN),
    allow("create_import", ADMIN),
    allow("export_list", ADMIN),
    // attachments
    allow("list_attachments", &[LoggedIn]),
    allow("add_attachment", TEAM),
    allow("get_attachment", &[LoggedIn]),
    allow("download_attachment", &[LoggedIn]),
    allow("delete_attachment", TEAM),
    // funding: funds and ledger
    allow("list_funds", &[Anyone, LoggedIn]),
    allow("get_fund", &[Anyone, LoggedIn]),
    allow("create_fund", &[Role(FundOfficer)]),
    allow("update_fund", &[Role(FundOfficer)]),
    allow("transition_fund.close", &[Role(FundApprover)]),
    allow("transition_fund.reopen", &[Role(FundApprover)]),
    allow("add_fund_capital", &[Role(FinanceOfficer)]),
    allow("get_fund_position", FUND_READERS),
    allow("get_round_position", FUND_READERS),
    allow(
        "get_funding_request_position",
        &[Team, Role(FundOfficer), Role(FundApprover), Role(FinanceOfficer), Role(Auditor)],
    ),
    allow("list_ledger_entries", FUND_READERS),
    allow("get_ledger_entry", FUND_READERS),
    allow("get_reconciliation", FUND_READERS),
    // funding: rounds
    allow("list_funding_rounds", &[Anyone, LoggedIn]),
    allow("get_funding_round", &[Anyone, LoggedIn]),
    allow("create_funding_round", &[Role(FundOfficer)]),
    allow("update_funding_round", &[Role(FundOfficer)]),
    allow("transition_funding_round.open", &[Role(FundOfficer)]),
    allow("transition_funding_round.close", &[Role(FundOfficer)]),
    allow("transition_funding_round.start_deciding", &[Role(FundOfficer)]),
    allow("transition_funding_round.finish_deciding", &[Role(FundOfficer)]),
    allow("transition_funding_round.archive", &[Role(FundOfficer)]),
    allow("extend_funding_round", &[Role(FundOfficer)]),
    allow("list_round_extensions", &[Anyone, LoggedIn]),
    allow("allocate_to_round", &[Role(FundApprover)]),
    allow("create_panel_meeting", &[Role(FundOfficer)]),
    allow("list_panel_meetings", FUND_READERS),
    allow("get_panel_meeting", FUND_READERS),
    allow("release_round_results", &[Role(FundOfficer)]),
    // funding: requests
    // funding: reviews
    // funding: awards
    allow("list_awards", &[Anyone]),
    allow("export_awards", &[Anyone]),
    allow("export_funding_list.rounds", &[Anyone, LoggedIn]),
    allow("export_funding_list.requests", FUND_READERS),
    allow("export_funding_list.tranches", FUND_READERS),
    allow("export_funding_list.expenditure_reports", FUND_READERS),
    allow("export_funding_list.ledger", FUND_READERS),
    // funding: tranches
    // funding: expenditure reports
    // funding: sources
    // tasks
];
