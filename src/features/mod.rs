//! The slices, one folder each. A slice owns its routes, requests, views, rows and rules; slices meet only through
//! what a `mod.rs` exports.

pub mod actions;
pub mod attachments;
pub mod audit_log;
pub mod changes;
pub mod discussion;
pub mod duplicates;
pub mod funding;
pub mod gates;
pub mod handovers;
pub mod identity;
pub mod impact;
pub mod imports;
pub mod outbox;
pub mod permissions;
pub mod pilots;
pub mod plans;
pub mod reference;
pub mod registration;
pub mod second_factor;
pub mod service_accounts;
pub mod system;
pub mod tasks;
pub mod tcv;
pub mod timeline;
pub mod webhooks;

use changes::Audience;
use funding::FUND_STAFF;
use futures_util::FutureExt;

use crate::platform::{
    audit::SubjectColumn,
    auth::Role,
    background::Chore,
    clock::Clock,
    db::{DbConnection, in_one_transaction},
    error::AppError,
    outbox::Handler,
    web::Operation,
};

/// Every operation of the API.
pub fn operations() -> Vec<Operation> {
    let slices = [
        system::operations(),
        identity::operations(),
        reference::operations(),
        pilots::operations(),
        discussion::operations(),
        duplicates::operations(),
        handovers::operations(),
        timeline::operations(),
        plans::operations(),
        tcv::operations(),
        impact::operations(),
        gates::operations(),
        audit_log::operations(),
        outbox::operations(),
        changes::operations(),
        webhooks::operations(),
        registration::operations(),
        second_factor::operations(),
        service_accounts::operations(),
        attachments::operations(),
        imports::operations(),
        funding::operations(),
        tasks::operations(),
    ];
    slices.into_iter().flatten().collect()
}

/// Every condition of both gates, in the order in which they are shown.
pub const GATE_CONDITIONS: &[&dyn gates::Condition] = &[
    &tcv::TcvBaseline,
    &plans::PlanSubmitted,
    &funding::Funded,
    &gates::Team,
    &duplicates::Clear,
    &plans::MilestonesDone,
    &tcv::TcvEndline,
    &funding::MoneySettled,
    &plans::Lessons,
    &plans::PublicSummary,
];

/// The columns by which a row tells what it hangs on.
pub const SUBJECT_COLUMNS: &[SubjectColumn] = &[SubjectColumn { column: "pilot_id", kind: "pilot" }];

/// Who reads the books of the fund.
const FUND_READERS: Audience = Audience::Books(FUND_STAFF);

/// Who is told of changes to which kind of record, and by which operation the record itself is read: a key that may not
/// do that is not told either. A kind that is missing here is told to insiders of its pilot, and to no key.
pub const CHANGE_AUDIENCES: &[(&str, Audience, &str)] = &[
    ("division", Audience::Everyone, "get_division"),
    ("district", Audience::Everyone, "get_district"),
    ("sector", Audience::Everyone, "get_sector"),
    ("sdg_goal", Audience::Everyone, "get_sdg_goal"),
    ("sdg_target", Audience::Everyone, "get_sdg_target"),
    ("organisation", Audience::Everyone, "get_organisation"),
    ("service", Audience::Everyone, "get_service"),
    ("upazila", Audience::Everyone, "get_upazila"),
    ("service_volume", Audience::Everyone, "get_service_volume"),
    ("value_of_time", Audience::Everyone, "get_value_of_time"),
    ("attribution", Audience::Everyone, "get_attribution"),
    ("user", Audience::Roles(&[Role::Admin, Role::Auditor]), "get_user"),
    ("pilot", Audience::WhoSeesThePilot, "get_pilot"),
    ("plan", Audience::WhoSeesThePilotIf(plans::plans_handed_in), "get_plan"),
    ("milestone", Audience::WhoSeesThePilotIf(plans::milestones_handed_in), "get_milestone"),
    ("final_report", Audience::WhoSeesThePilot, "get_final_report"),
    ("tcv_measurement", Audience::WhoSeesThePilotIf(tcv::confirmed), "get_measurement"),
    ("gate_decision", Audience::WhoSeesThePilot, "get_gate_decision"),
    ("funding_request", Audience::Disclosed(FUND_STAFF, funding::requests::requests_announced), "get_funding_request"),
    (
        "eligibility_result",
        Audience::Disclosed(FUND_STAFF, funding::requests::results_announced),
        "list_eligibility_results",
    ),
    ("funding_source", Audience::WhoSeesThePilot, "get_funding_source"),
    ("webhook_endpoint", Audience::ThePerson, "get_webhook_endpoint"),
    ("pilot_comment", Audience::Insiders, "get_pilot_comment"),
    ("pilot_support", Audience::Insiders, "list_supporters"),
    ("duplicate", Audience::Insiders, "get_duplicate"),
    ("handover", Audience::Insiders, "get_handover"),
    ("attachment", Audience::Insiders, "get_attachment"),
    // There is none before the results are released.
    ("tranche", Audience::Insiders, "get_tranche"),
    ("expenditure_report", Audience::Insiders, "get_expenditure_report"),
    ("session", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
    ("second_factor", Audience::Roles(&[Role::Auditor]), "get_second_factor"),
    ("registration", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
    ("account_letter", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
    ("service_account", Audience::Roles(&[Role::Auditor]), "get_service_account"),
    ("api_key", Audience::Roles(&[Role::Auditor]), "list_api_keys"),
    ("import", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
    ("audit_export", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
    ("fund", Audience::Everyone, "get_fund"),
    ("funding_round", Audience::Everyone, "get_funding_round"),
    ("round_extension", Audience::Everyone, "list_round_extensions"),
    ("panel_meeting", FUND_READERS, "get_panel_meeting"),
    ("ledger_entry", FUND_READERS, "get_ledger_entry"),
    ("database", Audience::Roles(&[Role::Auditor]), "get_audit_entry"),
];

/// Who sends the messages of the outbox, one a topic.
pub const OUTBOX_HANDLERS: &[&dyn Handler] =
    &[&webhooks::WebhookSender, &registration::AccountLetters, &handovers::HandoverLetters];

/// What the server does in the background besides sealing and sending.
pub const CHORES: &[Chore] = &[Chore { name: "webhooks", run: |state| webhooks::fan_out(state).boxed() }];

/// Everything that files hang on.
pub const ATTACHMENT_PARENTS: &[&dyn attachments::AttachmentParent] = &[
    &pilots::PilotFiles,
    &plans::PlanFiles,
    &tcv::MeasurementFiles,
    &funding::FundingRequestFiles,
    &funding::ExpenditureReportFiles,
];

/// What follows when a pilot changes, moves or goes, in this order.
pub const PILOT_FOLLOWERS: &[&dyn pilots::Follower] = &[
    &impact::EffectsFollow,
    &duplicates::Comparison,
    &discussion::Merging,
    &gates::ProposalsClose,
    &handovers::OffersClose,
    &funding::RequestsFollow,
    &funding::SourcesFollow,
];

/// What the timeline of a pilot is put together from.
pub const TIMELINE_SOURCES: &[&dyn timeline::Source] = &[
    &timeline::Transitions,
    &timeline::Merges,
    &timeline::PlansSubmitted,
    &timeline::PlansLocked,
    &timeline::GateDecisionsTaken,
    &timeline::GateDecisionsAnswered,
    &timeline::MeasurementsSubmitted,
    &timeline::MeasurementsVerified,
    &timeline::TeamChanges,
    &timeline::HandoversOffered,
    &timeline::HandoversAnswered,
];

/// What the list of tasks is put together from.
pub const TASK_SOURCES: &[&dyn tasks::TaskSource] = &[
    &tasks::PilotsToScreen,
    &tasks::ScreeningsToFinish,
    &tasks::ScreeningsToTakeOver,
    &tasks::PilotsSentBack,
    &tasks::GateProposals,
    &tasks::HandoversOffered,
    &tasks::Reviews(funding::reviews::ReviewStatus::Assigned),
    &tasks::Reviews(funding::reviews::ReviewStatus::Declared),
    &tasks::RequestsSentBack,
    &tasks::RequestsAtFund::ToTakeUp,
    &tasks::RequestsAtFund::ToCheck,
    &tasks::RequestsAtFund::ToPanel,
    &tasks::RequestsAtFund::ToRecommend,
    &tasks::RequestsAtFund::ToDecide,
    &tasks::RequestsAtFund::ToLapse,
    &tasks::AgreementsToSign::ByOwner,
    &tasks::AgreementsToSign::ByOfficer,
    &tasks::TranchesToAskFor,
    &tasks::TranchesToApprove,
    &tasks::TranchesToPay,
    &tasks::ReportsToWrite,
    &tasks::ReportsToCheck(funding::reports::ReportStatus::Submitted),
    &tasks::ReportsToCheck(funding::reports::ReportStatus::Disputed),
    &tasks::ReportsToAccept,
    &tasks::FundingSourcesToConfirm,
];

/// Fills in the lists that come with the program, after every migration; what administrators changed stays.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    reference::seed(connection, clock)?;
    in_one_transaction(connection, identity::put_missing_words)?;
    in_one_transaction(connection, impact::rebuild_if_empty)
}
