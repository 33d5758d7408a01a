//! Funding requests, their history and the results of their checks as they are stored.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{
    content::{CoFunding, RequestPart},
    status::{RequestMove, RequestStatus},
};
use crate::{
    features::{
        attachments::AttachmentId,
        funding::ids::{EligibilityResultId, FundId, FundingRequestId, PanelMeetingId, RequestTransitionId, RoundId},
        pilots::PilotId,
        plans::{BudgetLine, PlanId},
    },
    platform::{
        clock::Timestamp,
        db::{
            json_list::JsonList,
            schema::{eligibility_results, funding_request_transitions, funding_requests},
        },
        ids::UserId,
    },
};

/// A funding request. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = funding_requests, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FundingRequestRow {
    /// Its identifier.
    pub id: FundingRequestId,
    /// What people call it by, from the first submit on.
    pub reference: Option<String>,
    /// Of which fund.
    pub fund_id: FundId,
    /// Of which round.
    pub round_id: RoundId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Where it stands.
    pub status: RequestStatus,
    /// Poisha asked for.
    pub requested: i64,
    /// What it is for, in Bangla.
    pub purpose_bn: Option<String>,
    /// What it is for, in English.
    pub purpose_en: Option<String>,
    /// What it is spent on; adds up to `requested`.
    pub budget_lines: JsonList<BudgetLine>,
    /// What others give.
    pub co_funding: JsonList<CoFunding>,
    /// The plan version that it was submitted on.
    pub plan_id: Option<PlanId>,
    /// Who made it.
    pub created_by: UserId,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// What may be edited while changes are requested.
    pub change_parts: JsonList<RequestPart>,
    /// Why changes are requested.
    pub change_reason: Option<String>,
    /// Until when.
    pub change_due_on: Option<NaiveDate>,
    /// The number of the latest check; 0 before the first.
    pub eligibility_check: i32,
    /// The meeting that dealt with it.
    pub panel_meeting_id: Option<PanelMeetingId>,
    /// Poisha recommended.
    pub recommended: Option<i64>,
    /// By whom.
    pub recommended_by: Option<UserId>,
    /// When.
    pub recommended_at: Option<Timestamp>,
    /// Who approved first, of two.
    pub first_approver_id: Option<UserId>,
    /// Poisha they approved.
    pub first_approved: Option<i64>,
    /// When.
    pub first_approved_at: Option<Timestamp>,
    /// Poisha awarded; never changed.
    pub awarded: Option<i64>,
    /// By whom; of two the second.
    pub awarded_by: Option<UserId>,
    /// When.
    pub awarded_at: Option<Timestamp>,
    /// Since when it waits.
    pub waitlisted_at: Option<Timestamp>,
    /// Why it was declined, waitlisted, suspended or terminated.
    pub decision_reason: Option<String>,
    /// Until when the agreement has to be signed.
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
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A move of a request. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = funding_request_transitions, treat_none_as_default_value = false)]
pub struct RequestTransitionRow {
    /// Its identifier.
    pub id: RequestTransitionId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// What moved it.
    pub command: RequestMove,
    /// From where.
    pub from_status: RequestStatus,
    /// To where.
    pub to_status: RequestStatus,
    /// By whom; `None` is: the system.
    pub actor_id: Option<UserId>,
    /// Why.
    pub reason: Option<String>,
    /// The version of the request after it.
    pub version: i64,
    /// When.
    pub at: Timestamp,
}

/// What a rule said of a request. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = eligibility_results, treat_none_as_default_value = false)]
pub struct EligibilityResultRow {
    /// Its identifier.
    pub id: EligibilityResultId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// Which check.
    pub check_number: i32,
    /// Which rule.
    pub rule_code: String,
    /// Whether it is fulfilled.
    pub is_met: bool,
    /// Why, in Bangla.
    pub reason_bn: Option<String>,
    /// Why, in English.
    pub reason_en: Option<String>,
    /// Who decided.
    pub decided_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}
