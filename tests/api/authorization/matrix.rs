//! The pilots' side of the matrix; that of funding, which has other people, is in `funding/matrix.rs`.

use super::case::{Case, Expected, act_on, delete, get, order, patch, post};

/// The columns of the matrix. All but the first are logged in; the three in the middle are the pilot's team, in which
/// roles play no part but for the owner's. The officer has nothing to do with the pilot, the screener screens it and
/// decided at its gate.
pub const PERSONAS: [&str; 10] =
    ["anonymous", "nobody", "stranger", "member", "deputy", "owner", "officer", "screener", "admin", "auditor"];

/// Who it is open to, where the record plays no part.
const ANYONE: Expected = "+++ +++ ++ ++";
const LOGGED_IN: Expected = "1++ +++ ++ ++";
const INNOVATOR: Expected = "13+ 33+ 33 33";
const ADMIN: Expected = "133 333 33 +3";
const ADMIN_OR_AUDITOR: Expected = "133 333 33 ++";
const AUDITOR: Expected = "133 333 33 3+";
/// What belongs to the owner as a person, and is hidden from everyone else.
const OWN: Expected = "144 44+ 44 44";

/// Who it is open to on a pilot that was accepted, so that every logged-in person sees it.
const SEEN_BY_OFFICIALS: Expected = "4++ +++ ++ ++";
const TEAM: Expected = "133 +++ 33 33";
const LEADERS: Expected = "133 3++ 33 33";
const OFFICERS: Expected = "133 333 ++ 33";
const OWNER_OR_OFFICERS: Expected = "133 33+ ++ 33";
const OTHER_OFFICER: Expected = "133 333 +3 33";
const FIRST_DECIDER: Expected = "133 333 3+ 33";

/// The same on what only its team and staff see: a pilot before it is accepted, a measurement before it is verified.
const INSIDERS: Expected = "144 +++ ++ ++";
const HIDDEN_TEAM: Expected = "144 +++ 33 33";
const HIDDEN_LEADERS: Expected = "144 3++ 33 33";
const HIDDEN_OWNER: Expected = "144 33+ 33 33";
const HIDDEN_OFFICERS: Expected = "144 333 ++ 33";
const HIDDEN_SCREENER: Expected = "144 333 3+ 33";

/// The matrix, in the order of the permission table. `{draft}`, `{submitted}`, `{screening}`, `{design}` and `{public}`
/// are pilots of that state; plans, milestones, measurements and decisions are those of `{design}`.
#[rustfmt::skip]
pub const MATRIX: &[Case] = &[
    // system
    get("get_health", "/healthz", ANYONE),
    get("get_readiness", "/readyz", ANYONE),
    get("get_jwks", "/.well-known/jwks.json", ANYONE),
    get("get_openapi", "/v1/openapi.json", ANYONE),
    // identity
    post("login", "/v1/auth/login", ANYONE),
    post("refresh", "/v1/auth/refresh", ANYONE),
    order("logout", "/v1/auth/logout", LOGGED_IN),
    order("logout_everywhere", "/v1/auth/logout-everywhere", LOGGED_IN),
    get("get_me", "/v1/me", LOGGED_IN),
    patch("update_me", "/v1/me", LOGGED_IN),
    post("change_password", "/v1/me/password", LOGGED_IN),
    get("list_people", "/v1/people", LOGGED_IN),
    get("list_users", "/v1/users", ADMIN_OR_AUDITOR),
    get("get_user", "/v1/users/{user}", ADMIN_OR_AUDITOR),
    get("get_user_actions", "/v1/users/{user}/actions", ADMIN_OR_AUDITOR),
    post("create_user", "/v1/users", ADMIN),
    patch("update_user", "/v1/users/{user}", ADMIN),
    act_on("transition_user.disable", "/v1/users/{user}/transitions", r#"{"action": "disable", "reason": "x"}"#, ADMIN),
    act_on("transition_user.enable", "/v1/users/{user}/transitions", r#"{"action": "enable"}"#, ADMIN),
    post("grant_role", "/v1/users/{user}/roles", ADMIN),
    delete("revoke_role", "/v1/users/{user}/roles/innovator", ADMIN),
    order("reset_password", "/v1/users/{user}/password-resets", ADMIN),
    // reference
    get("list_divisions", "/v1/divisions", ANYONE),
    get("get_division", "/v1/divisions/BD-F", ANYONE),
    patch("update_division", "/v1/divisions/BD-F", ADMIN),
    get("list_districts", "/v1/districts", ANYONE),
    get("get_district", "/v1/districts/BD-28", ANYONE),
    patch("update_district", "/v1/districts/BD-28", ADMIN),
    get("list_sectors", "/v1/sectors", ANYONE),
    get("get_sector", "/v1/sectors/health", ANYONE),
    post("create_sector", "/v1/sectors", ADMIN),
    patch("update_sector", "/v1/sectors/health", ADMIN),
    get("list_sdg_goals", "/v1/sdg-goals", ANYONE),
    get("get_sdg_goal", "/v1/sdg-goals/2", ANYONE),
    patch("update_sdg_goal", "/v1/sdg-goals/2", ADMIN),
    get("list_sdg_targets", "/v1/sdg-targets", ANYONE),
    get("get_sdg_target", "/v1/sdg-targets/2.3", ANYONE),
    patch("update_sdg_target", "/v1/sdg-targets/2.3", ADMIN),
    get("list_organisations", "/v1/organisations", ANYONE),
    get("get_organisation", "/v1/organisations/{organisation}", ANYONE),
    post("create_organisation", "/v1/organisations", ADMIN),
    patch("update_organisation", "/v1/organisations/{organisation}", ADMIN),
    get("list_services", "/v1/services", ANYONE),
    get("get_service", "/v1/services/{service}", ANYONE),
    post("create_service", "/v1/services", ADMIN),
    patch("update_service", "/v1/services/{service}", ADMIN),
    get("list_tcv_methods", "/v1/tcv-methods", ANYONE),
    // pilots
    get("list_pilots", "/v1/pilots", ANYONE),
    get("get_pilot", "/v1/pilots/{public}", ANYONE),
    get("get_pilot", "/v1/pilots/{design}", SEEN_BY_OFFICIALS),
    get("get_pilot", "/v1/pilots/{draft}", "444 +++ ++ ++"),
    get("get_pilot", "/v1/pilots/{screening}", "444 +++ ++ ++"),
    post("create_pilot", "/v1/pilots", INNOVATOR),
    patch("update_pilot", "/v1/pilots/{draft}", HIDDEN_TEAM),
    patch("update_pilot", "/v1/pilots/{design}", TEAM),
    patch("update_pilot", "/v1/pilots/{public}", TEAM),
    delete("delete_pilot", "/v1/pilots/{draft}", HIDDEN_OWNER),
    get("list_pilot_transitions", "/v1/pilots/{public}/transitions", LOGGED_IN),
    get("list_pilot_transitions", "/v1/pilots/{design}/transitions", LOGGED_IN),
    get("list_pilot_transitions", "/v1/pilots/{draft}/transitions", INSIDERS),
    get("get_pilot_actions", "/v1/pilots/{design}/actions", LOGGED_IN),
    get("get_pilot_actions", "/v1/pilots/{draft}/actions", INSIDERS),
    get("list_pilot_members", "/v1/pilots/{design}/members", LOGGED_IN),
    get("list_pilot_members", "/v1/pilots/{draft}/members", INSIDERS),
    post("add_pilot_member", "/v1/pilots/{draft}/members", HIDDEN_LEADERS),
    post("add_pilot_member", "/v1/pilots/{design}/members", LEADERS),
    // The member may leave.
    delete("remove_pilot_member", "/v1/pilots/{draft}/members/{member}", HIDDEN_TEAM),
    delete("remove_pilot_member", "/v1/pilots/{design}/members/{member}", TEAM),
    act_on("transition_pilot.submit", "/v1/pilots/{draft}/transitions", r#"{"action": "submit"}"#, HIDDEN_LEADERS),
    act_on("transition_pilot.start_screening", "/v1/pilots/{submitted}/transitions", r#"{"action": "start_screening"}"#, HIDDEN_OFFICERS),
    act_on("transition_pilot.request_changes", "/v1/pilots/{screening}/transitions", r#"{"action": "request_changes", "reason": "x", "due_on": "2026-08-01"}"#, HIDDEN_SCREENER),
    act_on("transition_pilot.accept", "/v1/pilots/{screening}/transitions", r#"{"action": "accept"}"#, HIDDEN_SCREENER),
    act_on("transition_pilot.reject", "/v1/pilots/{screening}/transitions", r#"{"action": "reject", "reason": "x", "reason_code": "other"}"#, HIDDEN_SCREENER),
    act_on("transition_pilot.merge", "/v1/pilots/{screening}/transitions", r#"{"action": "merge", "merged_into_id": "{design}"}"#, HIDDEN_SCREENER),
    act_on("transition_pilot.withdraw", "/v1/pilots/{draft}/transitions", r#"{"action": "withdraw", "reason": "x"}"#, HIDDEN_OWNER),
    act_on("transition_pilot.hold", "/v1/pilots/{design}/transitions", r#"{"action": "hold", "reason": "x", "review_on": "2026-08-01"}"#, OFFICERS),
    act_on("transition_pilot.resume", "/v1/pilots/{design}/transitions", r#"{"action": "resume"}"#, OFFICERS),
    act_on("transition_pilot.discontinue", "/v1/pilots/{design}/transitions", r#"{"action": "discontinue", "lessons": "x"}"#, OWNER_OR_OFFICERS),
    act_on("transition_pilot.publish", "/v1/pilots/{design}/transitions", r#"{"action": "publish"}"#, OFFICERS),
    act_on("transition_pilot.unpublish", "/v1/pilots/{public}/transitions", r#"{"action": "unpublish", "reason": "x"}"#, OFFICERS),
    // comments and supporters: the stranger wrote {comment} and supports {design}
    get("list_pilot_comments", "/v1/pilots/{public}/comments", ANYONE),
    get("list_pilot_comments", "/v1/pilots/{design}/comments", SEEN_BY_OFFICIALS),
    get("list_pilot_comments", "/v1/pilots/{draft}/comments", "444 +++ ++ ++"),
    get("get_pilot_comment", "/v1/comments/{comment}", SEEN_BY_OFFICIALS),
    get("get_pilot_comment_actions", "/v1/comments/{comment}/actions", SEEN_BY_OFFICIALS),
    get("get_pilot_comment", "/v1/comments/{internal}", "444 +++ ++ ++"),
    get("get_pilot_comment_actions", "/v1/comments/{internal}/actions", "444 +++ ++ ++"),
    post("add_pilot_comment", "/v1/pilots/{design}/comments", LOGGED_IN),
    post("add_pilot_comment", "/v1/pilots/{draft}/comments", INSIDERS),
    act_on("transition_pilot_comment.retract", "/v1/comments/{comment}/transitions", r#"{"action": "retract"}"#, "13+ 333 33 33"),
    act_on("transition_pilot_comment.hide", "/v1/comments/{comment}/transitions", r#"{"action": "hide", "reason": "x"}"#, OFFICERS),
    act_on("transition_pilot_comment.show", "/v1/comments/{comment}/transitions", r#"{"action": "show"}"#, OFFICERS),
    get("list_supporters", "/v1/pilots/{design}/supporters", LOGGED_IN),
    get("list_supporters", "/v1/pilots/{draft}/supporters", INSIDERS),
    order("support_pilot", "/v1/pilots/{design}/supporters", "1++ 333 ++ ++"),
    order("support_pilot", "/v1/pilots/{submitted}/supporters", "144 333 ++ ++"),
    delete("withdraw_support", "/v1/pilots/{design}/supporters/{stranger}", "13+ 333 33 33"),
    // duplicates: {duplicate} is {screening}'s with {design}, {hidden} is {screening}'s with a draft of others
    get("list_pilot_duplicates", "/v1/pilots/{design}/duplicates", "133 +++ ++ ++"),
    get("list_pilot_duplicates", "/v1/pilots/{draft}/duplicates", INSIDERS),
    get("get_duplicate", "/v1/duplicates/{duplicate}", INSIDERS),
    get("get_duplicate_actions", "/v1/duplicates/{duplicate}/actions", INSIDERS),
    get("get_duplicate", "/v1/duplicates/{hidden}", "144 444 ++ ++"),
    get("get_duplicate_actions", "/v1/duplicates/{hidden}/actions", "144 444 ++ ++"),
    act_on("transition_duplicate.propose", "/v1/duplicates/{duplicate}/transitions", r#"{"action": "propose", "proposal": "dismiss", "reason": "x"}"#, HIDDEN_LEADERS),
    act_on("transition_duplicate.dismiss", "/v1/duplicates/{duplicate}/transitions", r#"{"action": "dismiss", "reason": "x"}"#, HIDDEN_OFFICERS),
    act_on("transition_duplicate.dismiss", "/v1/duplicates/{hidden}/transitions", r#"{"action": "dismiss", "reason": "x"}"#, "144 444 ++ 33"),
    act_on("transition_duplicate.accept", "/v1/duplicates/{duplicate}/transitions", r#"{"action": "accept"}"#, HIDDEN_OFFICERS),
    act_on("transition_duplicate.reopen", "/v1/duplicates/{duplicate}/transitions", r#"{"action": "reopen", "reason": "x"}"#, HIDDEN_OFFICERS),
    // handovers: {handover} offers {offered} to the stranger, who may read it from then on
    get("get_pilot", "/v1/pilots/{offered}", "44+ +++ ++ ++"),
    patch("update_pilot", "/v1/pilots/{offered}", "143 +++ 33 33"),
    post("create_plan", "/v1/pilots/{offered}/plans", "143 +++ 33 33"),
    get("list_pilot_members", "/v1/pilots/{offered}/members", "14+ +++ ++ ++"),
    get("list_pilot_handovers", "/v1/pilots/{design}/handovers", "133 +++ ++ ++"),
    get("list_pilot_handovers", "/v1/pilots/{draft}/handovers", INSIDERS),
    get("list_handovers", "/v1/handovers", LOGGED_IN),
    get("get_handover", "/v1/handovers/{handover}", "14+ +++ ++ ++"),
    get("get_handover_actions", "/v1/handovers/{handover}/actions", "14+ +++ ++ ++"),
    post("offer_handover.own", "/v1/pilots/{design}/handovers", "133 33+ ++ 33"),
    post("offer_handover.on_behalf", "/v1/pilots/{draft}/handovers", "144 33+ ++ 33"),
    act_on("transition_handover.accept", "/v1/handovers/{handover}/transitions", r#"{"action": "accept"}"#, "14+ 333 33 33"),
    act_on("transition_handover.decline", "/v1/handovers/{handover}/transitions", r#"{"action": "decline"}"#, "14+ 333 33 33"),
    act_on("transition_handover.withdraw", "/v1/handovers/{handover}/transitions", r#"{"action": "withdraw"}"#, "143 33+ 33 33"),
    // timeline
    get("get_pilot_timeline", "/v1/pilots/{public}/timeline", LOGGED_IN),
    get("get_pilot_timeline", "/v1/pilots/{draft}/timeline", INSIDERS),
    // plans
    get("list_plans", "/v1/pilots/{design}/plans", LOGGED_IN),
    get("list_plans", "/v1/pilots/{draft}/plans", INSIDERS),
    get("get_plan", "/v1/plans/{plan}", INSIDERS),
    get("get_plan_actions", "/v1/plans/{plan}/actions", INSIDERS),
    post("create_plan", "/v1/pilots/{design}/plans", TEAM),
    post("create_plan", "/v1/pilots/{draft}/plans", HIDDEN_TEAM),
    patch("update_plan", "/v1/plans/{plan}", HIDDEN_TEAM),
    delete("delete_plan", "/v1/plans/{plan}", HIDDEN_LEADERS),
    act_on("transition_plan.submit", "/v1/plans/{plan}/transitions", r#"{"action": "submit"}"#, HIDDEN_LEADERS),
    act_on("transition_plan.approve", "/v1/plans/{plan}/transitions", r#"{"action": "approve"}"#, HIDDEN_OFFICERS),
    get("get_milestone", "/v1/milestones/{milestone}", INSIDERS),
    get("get_milestone_actions", "/v1/milestones/{milestone}/actions", INSIDERS),
    act_on("transition_milestone.complete", "/v1/milestones/{milestone}/transitions", r#"{"action": "complete", "done_on": "2026-07-01", "evidence": "x"}"#, HIDDEN_TEAM),
    act_on("transition_milestone.reopen", "/v1/milestones/{milestone}/transitions", r#"{"action": "reopen"}"#, HIDDEN_TEAM),
    act_on("transition_milestone.waive", "/v1/milestones/{milestone}/transitions", r#"{"action": "waive", "reason": "x"}"#, HIDDEN_OFFICERS),
    get("get_final_report", "/v1/pilots/{design}/final-report", LOGGED_IN),
    get("get_final_report", "/v1/pilots/{draft}/final-report", INSIDERS),
    patch("update_final_report", "/v1/pilots/{design}/final-report", TEAM),
    patch("update_final_report", "/v1/pilots/{draft}/final-report", HIDDEN_TEAM),
    // tcv: {measurement} is a draft, {verified} is verified
    get("list_measurements", "/v1/pilots/{design}/tcv-measurements", LOGGED_IN),
    get("list_measurements", "/v1/pilots/{draft}/tcv-measurements", INSIDERS),
    get("get_measurement", "/v1/tcv-measurements/{measurement}", INSIDERS),
    get("get_measurement", "/v1/tcv-measurements/{verified}", LOGGED_IN),
    get("get_measurement_actions", "/v1/tcv-measurements/{measurement}/actions", INSIDERS),
    post("create_measurement", "/v1/pilots/{design}/tcv-measurements", TEAM),
    post("create_measurement", "/v1/pilots/{draft}/tcv-measurements", HIDDEN_TEAM),
    patch("update_measurement", "/v1/tcv-measurements/{measurement}", HIDDEN_TEAM),
    patch("update_measurement", "/v1/tcv-measurements/{verified}", TEAM),
    delete("delete_measurement", "/v1/tcv-measurements/{measurement}", HIDDEN_TEAM),
    act_on("transition_measurement.submit", "/v1/tcv-measurements/{measurement}/transitions", r#"{"action": "submit"}"#, HIDDEN_TEAM),
    act_on("transition_measurement.verify", "/v1/tcv-measurements/{measurement}/transitions", r#"{"action": "verify"}"#, HIDDEN_OFFICERS),
    act_on("transition_measurement.return", "/v1/tcv-measurements/{measurement}/transitions", r#"{"action": "return", "reason": "x"}"#, HIDDEN_OFFICERS),
    act_on("transition_measurement.publish", "/v1/tcv-measurements/{verified}/transitions", r#"{"action": "publish"}"#, OFFICERS),
    get("get_tcv_comparison", "/v1/pilots/{public}/tcv-comparison", ANYONE),
    get("get_tcv_comparison", "/v1/pilots/{design}/tcv-comparison", SEEN_BY_OFFICIALS),
    // impact: the team of a pilot on the service is no officer to it
    get("list_service_volumes", "/v1/services/{service}/volumes", ANYONE),
    get("get_service_volume", "/v1/service-volumes/{volume}", ANYONE),
    post("create_service_volume", "/v1/services/{service}/volumes", OFFICERS),
    get("list_values_of_time", "/v1/values-of-time", ANYONE),
    get("get_value_of_time", "/v1/values-of-time/{value_of_time}", ANYONE),
    post("create_value_of_time", "/v1/values-of-time", "133 333 ++ +3"),
    get("list_attributions", "/v1/services/{service}/attributions", LOGGED_IN),
    get("get_attribution", "/v1/attributions/{attribution}", LOGGED_IN),
    post("create_attribution", "/v1/services/{service}/attributions", OFFICERS),
    get("get_service_tcv", "/v1/services/{service}/tcv", ANYONE),
    get("get_sector_tcv", "/v1/sectors/health/tcv", ANYONE),
    get("get_programme_tcv", "/v1/programme/tcv", ANYONE),
    get("get_service_savings", "/v1/services/{service}/savings", ANYONE),
    get("get_sector_savings", "/v1/sectors/health/savings", ANYONE),
    get("get_programme_savings", "/v1/programme/savings", ANYONE),
    get("get_pilot_savings", "/v1/pilots/{public}/savings", ANYONE),
    get("get_pilot_savings", "/v1/pilots/{design}/savings", SEEN_BY_OFFICIALS),
    get("get_pilot_savings", "/v1/pilots/{draft}/savings", "444 +++ ++ ++"),
    // gates: the screener decided
    get("get_gate", "/v1/pilots/{design}/gates/execution", LOGGED_IN),
    get("get_gate", "/v1/pilots/{draft}/gates/execution", INSIDERS),
    get("list_gate_decisions", "/v1/pilots/{design}/gate-decisions", LOGGED_IN),
    get("list_gate_decisions", "/v1/pilots/{draft}/gate-decisions", INSIDERS),
    get("get_gate_decision", "/v1/gate-decisions/{decision}", LOGGED_IN),
    get("get_gate_decision_actions", "/v1/gate-decisions/{decision}/actions", LOGGED_IN),
    post("create_gate_decision", "/v1/pilots/{design}/gate-decisions", OFFICERS),
    // No one else could do this to any pilot, so they are told before this one is looked for.
    post("create_gate_decision", "/v1/pilots/{draft}/gate-decisions", OFFICERS),
    act_on("transition_gate_decision.confirm", "/v1/gate-decisions/{decision}/transitions", r#"{"action": "confirm"}"#, OTHER_OFFICER),
    act_on("transition_gate_decision.reject", "/v1/gate-decisions/{decision}/transitions", r#"{"action": "reject", "reason": "x"}"#, OTHER_OFFICER),
    act_on("transition_gate_decision.withdraw", "/v1/gate-decisions/{decision}/transitions", r#"{"action": "withdraw"}"#, FIRST_DECIDER),
    // audit
    get("list_audit_entries", "/v1/audit-entries", AUDITOR),
    get("get_audit_entry", "/v1/audit-entries/{entry}", AUDITOR),
    get("export_audit_entries", "/v1/audit-entries/export?format=jsonl&operation=nothing", AUDITOR),
    // events: outbox
    get("list_outbox_messages", "/v1/outbox-messages", ADMIN_OR_AUDITOR),
    get("get_outbox_message", "/v1/outbox-messages/{message}", ADMIN_OR_AUDITOR),
    // events: changes and webhooks
    get("list_changes", "/v1/changes", LOGGED_IN),
    get("list_webhook_endpoints", "/v1/webhook-endpoints", LOGGED_IN),
    get("get_webhook_endpoint", "/v1/webhook-endpoints/{endpoint}", "144 44+ 44 ++"),
    get("get_webhook_endpoint_actions", "/v1/webhook-endpoints/{endpoint}/actions", "144 44+ 44 ++"),
    post("create_webhook_endpoint", "/v1/webhook-endpoints", LOGGED_IN),
    patch("update_webhook_endpoint", "/v1/webhook-endpoints/{endpoint}", OWN),
    delete("delete_webhook_endpoint", "/v1/webhook-endpoints/{endpoint}", OWN),
    act_on("transition_webhook_endpoint.pause", "/v1/webhook-endpoints/{endpoint}/transitions", r#"{"action": "pause"}"#, "144 44+ 44 33"),
    act_on("transition_webhook_endpoint.enable", "/v1/webhook-endpoints/{endpoint}/transitions", r#"{"action": "enable"}"#, "144 44+ 44 +3"),
    act_on("transition_webhook_endpoint.disable", "/v1/webhook-endpoints/{endpoint}/transitions", r#"{"action": "disable", "reason": "Sends to nobody."}"#, "144 443 44 +3"),
    order("rotate_webhook_secret", "/v1/webhook-endpoints/{endpoint}/secrets", OWN),
    order("test_webhook_endpoint", "/v1/webhook-endpoints/{endpoint}/tests", OWN),
    post("replay_webhook_deliveries", "/v1/webhook-endpoints/{endpoint}/replays", OWN),
    get("list_webhook_deliveries", "/v1/webhook-endpoints/{endpoint}/deliveries", OWN),
    get("get_webhook_delivery", "/v1/webhook-deliveries/{delivery}", OWN),
    order("replay_webhook_delivery", "/v1/webhook-deliveries/{delivery}/replays", OWN),
    // registration
    get("get_registration_rules", "/v1/auth/registrations", ANYONE),
    post("register", "/v1/auth/registrations", ANYONE),
    post("resend_registration", "/v1/auth/registrations/resend", ANYONE),
    post("confirm_registration", "/v1/auth/registrations/confirm", ANYONE),
    post("request_password_reset", "/v1/auth/password-resets", ANYONE),
    post("confirm_password_reset", "/v1/auth/password-resets/confirm", ANYONE),
    // second factor
    get("get_second_factor", "/v1/me/second-factor", LOGGED_IN),
    post("begin_second_factor", "/v1/me/second-factor", LOGGED_IN),
    post("confirm_second_factor", "/v1/me/second-factor/confirm", LOGGED_IN),
    post("disable_second_factor", "/v1/me/second-factor/disable", LOGGED_IN),
    post("regenerate_recovery_codes", "/v1/me/second-factor/recovery-codes", LOGGED_IN),
    order("reset_second_factor", "/v1/users/{user}/second-factor-resets", ADMIN),
    // service accounts: {service_account} belongs to the pilot's owner
    get("list_service_accounts", "/v1/service-accounts", LOGGED_IN),
    post("create_service_account", "/v1/service-accounts", LOGGED_IN),
    get("get_service_account", "/v1/service-accounts/{service_account}", "144 44+ 44 ++"),
    get("get_service_account_actions", "/v1/service-accounts/{service_account}/actions", "144 44+ 44 ++"),
    patch("update_service_account", "/v1/service-accounts/{service_account}", "144 44+ 44 33"),
    post("transition_service_account.revoke", "/v1/service-accounts/{service_account}/transitions", "144 44+ 44 +3"),
    get("list_api_keys", "/v1/service-accounts/{service_account}/keys", "144 44+ 44 ++"),
    post("create_api_key", "/v1/service-accounts/{service_account}/keys", "144 44+ 44 33"),
    delete("revoke_api_key", "/v1/service-accounts/{service_account}/keys/{user}", "144 44+ 44 +3"),
    // upazilas, imports
    get("list_upazilas", "/v1/upazilas", ANYONE),
    get("get_upazila", "/v1/upazilas/302672", ANYONE),
    patch("update_upazila", "/v1/upazilas/302672", ADMIN),
    post("create_import", "/v1/imports?list=upazilas", ADMIN),
    get("export_list", "/v1/exports?list=upazilas", ADMIN),
    // attachments: {file} hangs on {design}, {draft_file} on {draft}, {plan_file} on the draft of its plan
    get("list_attachments", "/v1/attachments?parent_kind=pilot&parent_id={design}", LOGGED_IN),
    get("list_attachments", "/v1/attachments?parent_kind=pilot&parent_id={draft}", INSIDERS),
    get("list_attachments", "/v1/attachments?parent_kind=plan&parent_id={plan}", INSIDERS),
    get("list_attachments", "/v1/attachments?parent_kind=tcv_measurement&parent_id={measurement}", INSIDERS),
    get("list_attachments", "/v1/attachments?parent_kind=tcv_measurement&parent_id={verified}", LOGGED_IN),
    post("add_attachment", "/v1/attachments?parent_kind=pilot&parent_id={design}", TEAM),
    post("add_attachment", "/v1/attachments?parent_kind=pilot&parent_id={draft}", HIDDEN_TEAM),
    post("add_attachment", "/v1/attachments?parent_kind=plan&parent_id={plan}", HIDDEN_TEAM),
    post("add_attachment", "/v1/attachments?parent_kind=tcv_measurement&parent_id={measurement}", HIDDEN_TEAM),
    get("get_attachment", "/v1/attachments/{file}", LOGGED_IN),
    get("get_attachment", "/v1/attachments/{draft_file}", INSIDERS),
    get("get_attachment", "/v1/attachments/{plan_file}", INSIDERS),
    get("download_attachment", "/v1/attachments/{file}/content", LOGGED_IN),
    get("download_attachment", "/v1/attachments/{draft_file}/content", INSIDERS),
    get("download_attachment", "/v1/attachments/{plan_file}/content", INSIDERS),
    // Uploaded by the owner, so a member may not.
    delete("delete_attachment", "/v1/attachments/{file}", LEADERS),
    delete("delete_attachment", "/v1/attachments/{draft_file}", HIDDEN_LEADERS),
    delete("delete_attachment", "/v1/attachments/{plan_file}", HIDDEN_LEADERS),
];
