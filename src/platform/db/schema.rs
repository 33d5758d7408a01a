//! The tables, as both engines have them. A test compares this file and those below it with what the migrations really
//! build.
#![allow(missing_docs)] // the column names say it; what they mean stands in the migrations

mod accounts;
mod discussion;
mod events;
mod files;
mod funding;
mod impact;
mod pilot;
mod plan;
mod reference;

pub use accounts::*;
pub use discussion::*;
pub use events::*;
pub use files::*;
pub use funding::*;
pub use impact::*;
pub use pilot::*;
pub use plan::*;
pub use reference::*;

diesel::allow_tables_to_appear_in_same_query!(audit_entries, audit_chain, audit_unsealed);
diesel::allow_tables_to_appear_in_same_query!(users, webhook_endpoints);
diesel::allow_tables_to_appear_in_same_query!(users, user_words);
diesel::allow_tables_to_appear_in_same_query!(webhook_deliveries, webhook_attempts);

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
diesel::joinable!(funding_rounds -> funds (fund_id));
diesel::joinable!(ledger_entries -> funds (fund_id));
diesel::joinable!(funding_requests -> funding_rounds (round_id));
diesel::joinable!(funding_requests -> pilots (pilot_id));
diesel::joinable!(round_extensions -> funding_rounds (round_id));
diesel::joinable!(panel_meetings -> funding_rounds (round_id));
diesel::joinable!(funding_request_transitions -> funding_requests (request_id));
diesel::joinable!(funding_reviews -> funding_requests (request_id));
diesel::joinable!(funding_reviews -> users (reviewer_id));
diesel::joinable!(tranches -> funding_requests (request_id));
diesel::joinable!(expenditure_reports -> tranches (tranche_id));
diesel::joinable!(funding_sources -> pilots (pilot_id));
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
    funds,
    funding_rounds,
    round_extensions,
    panel_meetings,
    funding_requests,
    funding_request_transitions,
    eligibility_results,
    funding_reviews,
    tranches,
    tranche_transitions,
    expenditure_reports,
    funding_sources,
    ledger_entries,
);
