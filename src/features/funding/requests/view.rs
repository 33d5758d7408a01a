//! How a funding request is shown: whole to staff, to its applicant as far as they are told. The names of those who
//! recommended it are never for the applicant.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{SeenRequest, see_request},
    actions,
    content::{CoFunding, RequestPart},
    facts::facts,
    rows::FundingRequestRow,
    status::RequestStatus,
    told::{self, Mark},
};
use crate::{
    features::{
        actions::open,
        attachments::AttachmentId,
        funding::{
            ids::{FundId, FundingRequestId, PanelMeetingId, RoundId},
            sources::SourceKind,
        },
        pilots::PilotId,
        plans::{BudgetLineView, PlanId},
    },
    platform::{
        auth::Actor, clock::Timestamp, db::DbConnection, error::AppError, ids::UserId, money::Money,
        text::LocalizedText, web::Reply,
    },
};

/// What someone else gives.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CoFundingView {
    /// What kind of source.
    #[schema(inline)]
    pub kind: SourceKind,
    /// Who.
    pub provider: LocalizedText,
    /// How much.
    pub amount: Money,
}

impl CoFundingView {
    fn new(line: &CoFunding) -> Self {
        Self {
            kind: line.kind,
            provider: LocalizedText::new(line.provider.bn.clone(), line.provider.en.clone()),
            amount: Money::from_poisha(line.amount.poisha()),
        }
    }
}

/// A funding request. What its applicant is not told before the results of the round are released is null to them.
#[derive(Serialize, ToSchema)]
pub struct FundingRequestView {
    /// Its identifier.
    pub id: FundingRequestId,
    /// What people call it by, from the first submit on.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// Of which fund.
    pub fund_id: FundId,
    /// Of which round.
    pub round_id: RoundId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Where it stands; to its applicant, before the results are released, `under_review` from the panel on.
    #[schema(inline)]
    pub status: RequestStatus,
    /// How much is asked for.
    pub requested: Money,
    /// What it is for.
    pub purpose: LocalizedText,
    /// What it is spent on.
    #[schema(max_items = 100)]
    pub budget_lines: Vec<BudgetLineView>,
    /// What others give.
    #[schema(max_items = 50)]
    pub co_funding: Vec<CoFundingView>,
    /// The plan version that it was submitted on.
    pub plan_id: Option<PlanId>,
    /// Who wrote it.
    pub created_by: UserId,
    /// Who handed it in last.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// The parts that are reopened while changes are requested.
    #[schema(inline, max_items = 4)]
    pub change_parts: Vec<RequestPart>,
    /// Why changes are requested.
    #[schema(max_length = 5000)]
    pub change_reason: Option<String>,
    /// The last day to hand them in.
    pub change_due_on: Option<NaiveDate>,
    /// The number of the latest check of the rules; 0 before the first.
    #[schema(minimum = 0)]
    pub eligibility_check: i32,
    /// The meeting that dealt with it.
    pub panel_meeting_id: Option<PanelMeetingId>,
    /// What is recommended.
    pub recommended: Option<Money>,
    /// By whom; never told to the applicant.
    pub recommended_by: Option<UserId>,
    /// When.
    pub recommended_at: Option<Timestamp>,
    /// Of two approvers the first.
    pub first_approver_id: Option<UserId>,
    /// What they approved.
    pub first_approved: Option<Money>,
    /// When.
    pub first_approved_at: Option<Timestamp>,
    /// What is awarded.
    pub awarded: Option<Money>,
    /// By whom; of two the second.
    pub awarded_by: Option<UserId>,
    /// When.
    pub awarded_at: Option<Timestamp>,
    /// Since when it waits for money.
    pub waitlisted_at: Option<Timestamp>,
    /// Why it was found ineligible, declined, waitlisted, suspended or terminated.
    #[schema(max_length = 5000)]
    pub decision_reason: Option<String>,
    /// The last day to sign the agreement.
    pub agreement_due_on: Option<NaiveDate>,
    /// The signed agreement.
    pub agreement_file_id: Option<AttachmentId>,
    /// Who signed for the pilot.
    pub owner_signed_by: Option<UserId>,
    /// When.
    pub owner_signed_at: Option<Timestamp>,
    /// Who signed for the fund.
    pub officer_signed_by: Option<UserId>,
    /// When.
    pub officer_signed_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the caller may do to it now.
    #[schema(max_items = 40)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The request as this caller sees it.
///
/// # Errors
/// Those of the database.
pub fn show(connection: &mut DbConnection, seen: &SeenRequest, now: Timestamp) -> Result<FundingRequestView, AppError> {
    let facts = facts(connection, &seen.row, &seen.round)?;
    let mark = told::mark(connection, seen)?;
    Ok(FundingRequestView::new(seen, mark, open(actions::all(seen, &facts, now))))
}

/// The answer of whatever changed a request: how it is now, read anew.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn reply(
    connection: &mut DbConnection,
    actor: &Actor,
    id: FundingRequestId,
    now: Timestamp,
) -> Result<Reply, AppError> {
    let seen = see_request(connection, Some(actor), id)?;
    let view = show(connection, &seen, now)?;
    Reply::record(view.version, &view)
}

impl FundingRequestView {
    fn new(seen: &SeenRequest, (version, updated_at): Mark, allowed_actions: Vec<String>) -> Self {
        let (row, status, told) = (seen.row.clone(), seen.told_status(), seen.is_told());
        let money = |poisha: Option<i64>| poisha.filter(|_| told).map(Money::from_poisha);
        let is_open = told || status == RequestStatus::Ineligible;
        Self {
            id: row.id,
            reference: row.reference,
            fund_id: row.fund_id,
            round_id: row.round_id,
            pilot_id: row.pilot_id,
            status,
            requested: Money::from_poisha(row.requested),
            purpose: LocalizedText::new(row.purpose_bn, row.purpose_en),
            budget_lines: row
                .budget_lines
                .iter()
                .map(|line| BudgetLineView {
                    head: line.head,
                    description: line.description.clone(),
                    amount: Money::from_poisha(line.amount.poisha()),
                })
                .collect(),
            co_funding: row.co_funding.iter().map(CoFundingView::new).collect(),
            plan_id: row.plan_id,
            created_by: row.created_by,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            change_parts: row.change_parts.to_vec(),
            change_reason: row.change_reason,
            change_due_on: row.change_due_on,
            eligibility_check: row.eligibility_check,
            panel_meeting_id: row.panel_meeting_id.filter(|_| told),
            recommended: money(row.recommended),
            recommended_by: row.recommended_by.filter(|_| seen.standing.roles.is_staff() && !seen.standing.team),
            recommended_at: row.recommended_at.filter(|_| told),
            first_approver_id: row.first_approver_id.filter(|_| told),
            first_approved: money(row.first_approved),
            first_approved_at: row.first_approved_at.filter(|_| told),
            awarded: money(row.awarded),
            awarded_by: row.awarded_by.filter(|_| told),
            awarded_at: row.awarded_at.filter(|_| told),
            waitlisted_at: row.waitlisted_at.filter(|_| told),
            decision_reason: row.decision_reason.filter(|_| is_open),
            agreement_due_on: row.agreement_due_on.filter(|_| told),
            agreement_file_id: row.agreement_file_id.filter(|_| told),
            owner_signed_by: row.owner_signed_by.filter(|_| told),
            owner_signed_at: row.owner_signed_at.filter(|_| told),
            officer_signed_by: row.officer_signed_by.filter(|_| told),
            officer_signed_at: row.officer_signed_at.filter(|_| told),
            ended_at: row.ended_at.filter(|_| status.is_final()),
            allowed_actions,
            version,
            created_at: row.created_at,
            updated_at,
        }
    }
}

/// A funding request in a list.
#[derive(Serialize, ToSchema)]
pub struct FundingRequestSummary {
    /// Its identifier.
    pub id: FundingRequestId,
    /// What people call it by, from the first submit on.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// Of which fund.
    pub fund_id: FundId,
    /// Of which round.
    pub round_id: RoundId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Where it stands; to its applicant, before the results are released, `under_review` from the panel on.
    #[schema(inline)]
    pub status: RequestStatus,
    /// How much is asked for.
    pub requested: Money,
    /// What is recommended, as far as the caller is told.
    pub recommended: Option<Money>,
    /// What is awarded, as far as the caller is told.
    pub awarded: Option<Money>,
    /// When it was handed in last.
    pub submitted_at: Option<Timestamp>,
    /// Counts changes; the `ETag` of the request.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl FundingRequestSummary {
    /// The request as someone is told of it; `mark` where that lies behind how it is.
    pub fn new(row: FundingRequestRow, is_told: bool, mark: Option<Mark>) -> Self {
        let money = |poisha: Option<i64>| poisha.filter(|_| is_told).map(Money::from_poisha);
        let (version, updated_at) = mark.filter(|_| !is_told).unwrap_or((row.version, row.updated_at));
        Self {
            id: row.id,
            reference: row.reference,
            fund_id: row.fund_id,
            round_id: row.round_id,
            pilot_id: row.pilot_id,
            status: row.status.as_told(is_told),
            requested: Money::from_poisha(row.requested),
            recommended: money(row.recommended),
            awarded: money(row.awarded),
            submitted_at: row.submitted_at,
            version,
            created_at: row.created_at,
            updated_at,
        }
    }
}
