//! What is decided of a request, as the people who decide see it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{DecisionAction, allowed_actions};
use crate::{
    features::{
        funding::{
            ids::{FundingRequestId, PanelMeetingId, RoundId},
            requests::{RequestStatus, SeenRequest},
        },
        pilots::PilotId,
    },
    platform::{clock::Timestamp, ids::UserId, money::Money},
};

/// A request in the hands of those who decide on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DecidedRequestView {
    /// The request.
    pub id: FundingRequestId,
    /// What people call it by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// Of which round.
    pub round_id: RoundId,
    /// For which pilot.
    pub pilot_id: PilotId,
    /// Where it stands.
    #[schema(inline)]
    pub status: RequestStatus,
    /// What was asked for.
    pub requested: Money,
    /// The meeting of the panel that dealt with it.
    pub panel_meeting_id: Option<PanelMeetingId>,
    /// What is recommended; money of the round is held for it while the request is `recommended`.
    pub recommended: Option<Money>,
    /// By whom.
    pub recommended_by: Option<UserId>,
    /// When.
    pub recommended_at: Option<Timestamp>,
    /// Whether an award of the recommended amount needs two approvers.
    pub needs_two_approvers: bool,
    /// Who approved first, of two.
    pub first_approver_id: Option<UserId>,
    /// What they approved.
    pub first_approved: Option<Money>,
    /// When.
    pub first_approved_at: Option<Timestamp>,
    /// What was awarded.
    pub awarded: Option<Money>,
    /// By whom; of two the second.
    pub awarded_by: Option<UserId>,
    /// When.
    pub awarded_at: Option<Timestamp>,
    /// Since when it waits for money.
    pub waitlisted_at: Option<Timestamp>,
    /// Why it was declined or waits.
    #[schema(max_length = 5000)]
    pub decision_reason: Option<String>,
    /// Until when the agreement has to be signed; null until the results are released.
    pub agreement_due_on: Option<NaiveDate>,
    /// What the caller may decide now.
    #[schema(inline, max_items = 5)]
    pub allowed_actions: Vec<DecisionAction>,
    /// Counts changes of the request; its `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When the request last changed.
    pub updated_at: Timestamp,
}

impl DecidedRequestView {
    /// The request as this caller sees it.
    pub fn new(seen: SeenRequest, now: Timestamp) -> Self {
        let money = |poisha: Option<i64>| poisha.map(Money::from_poisha);
        let allowed_actions = allowed_actions(&seen, now.day_in_dhaka());
        let (row, round) = (seen.row, seen.round);
        Self {
            allowed_actions,
            id: row.id,
            reference: row.reference,
            round_id: row.round_id,
            pilot_id: row.pilot_id,
            status: row.status,
            requested: Money::from_poisha(row.requested),
            panel_meeting_id: row.panel_meeting_id,
            recommended: money(row.recommended),
            recommended_by: row.recommended_by,
            recommended_at: row.recommended_at,
            needs_two_approvers: row.recommended.is_some_and(|amount| amount > round.two_approvers_above),
            first_approver_id: row.first_approver_id,
            first_approved: money(row.first_approved),
            first_approved_at: row.first_approved_at,
            awarded: money(row.awarded),
            awarded_by: row.awarded_by,
            awarded_at: row.awarded_at,
            waitlisted_at: row.waitlisted_at,
            decision_reason: row.decision_reason,
            agreement_due_on: row.agreement_due_on,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}
