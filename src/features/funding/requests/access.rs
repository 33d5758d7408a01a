//! Who sees a funding request, and what the caller is to it.
//!
//! The pilot's team always; staff from the submit on, in a sealed round from its closing on; who is assigned to review it,
//! as long as they are a reviewer. What the team is told of its decision waits for the release of the round: whoever is in the team is told no
//! more, whatever else they are.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::FundingRequestRow, status::RequestStatus};
use crate::{
    features::{
        funding::{
            funds::Stakes,
            ids::FundingRequestId,
            reviews::ReviewStatus,
            rounds::{RoundRow, RoundStatus},
            tranches::TrancheMove,
        },
        pilots::{PilotRow, access},
    },
    platform::{
        auth::{Actor, FundingPart, Role, Standing},
        db::{
            DbConnection,
            schema::{funding_requests, funding_reviews, funding_rounds, pilots, tranche_transitions},
        },
        error::{AppError, DatabaseIntent},
        ids::UserId,
    },
};

/// A request that the caller may see, and what they are to it.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// The request.
    pub row: FundingRequestRow,
    /// Its round.
    pub round: RoundRow,
    /// Its pilot.
    pub pilot: PilotRow,
    /// What the caller is to it.
    pub standing: Standing,
    /// The caller.
    pub reader: UserId,
    /// Of a reviewer: where their review stands.
    pub review: Option<ReviewStatus>,
}

impl SeenRequest {
    /// Whether the caller is told what was decided.
    pub fn is_told(&self) -> bool {
        !(self.standing.team || self.standing.left_team) || self.round.released_at.is_some()
    }

    /// Where it stands, as far as the caller is told.
    pub fn told_status(&self) -> RequestStatus {
        self.row.status.as_told(self.is_told())
    }

    /// Whether staff see it yet.
    pub fn is_open_to_staff(&self) -> bool {
        let is_sealed = self.round.is_sealed && matches!(self.round.status, RoundStatus::Forecast | RoundStatus::Open);
        self.row.status != RequestStatus::Draft && !is_sealed
    }

    /// Whether the file itself is open: to a reviewer who is nothing else only once they are free of conflicts.
    pub fn is_file_open(&self) -> bool {
        let may_review = self.standing.roles.has(Role::Reviewer);
        self.standing.team
            || self.standing.roles.is_staff()
            || may_review && matches!(self.review, Some(ReviewStatus::Declared | ReviewStatus::Submitted))
    }

    /// Lets only someone through to whom the file is open.
    ///
    /// # Errors
    /// `Forbidden`, saying what opens it.
    pub fn check_file_open(&self) -> Result<(), AppError> {
        if self.is_file_open() {
            return Ok(());
        }
        Err(AppError::forbidden(
            "Declare first that you have no conflict of interest in this request; that opens its file to you.",
            "আগে ঘোষণা করুন যে এই আবেদনে আপনার কোনো স্বার্থের দ্বন্দ্ব নেই; তারপর নথি আপনার জন্য খুলবে।",
        ))
    }
}

/// The request, if the caller may see it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn see_request(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: FundingRequestId,
) -> Result<SeenRequest, AppError> {
    let seen = stand_to_request(connection, actor.ok_or_else(AppError::not_found)?, id)?;
    if is_visible(&seen) { Ok(seen) } else { Err(AppError::not_found()) }
}

/// The same without the question whether the caller sees it: for what hangs on a request and has a rule of its own, such
/// as the review of someone who stepped back from it.
///
/// # Errors
/// `NotFound` when there is none.
pub fn stand_to_request(
    connection: &mut DbConnection,
    actor: &Actor,
    id: FundingRequestId,
) -> Result<SeenRequest, AppError> {
    let (row, round, pilot): (FundingRequestRow, RoundRow, PilotRow) = funding_requests::table
        .inner_join(funding_rounds::table)
        .inner_join(pilots::table)
        .filter(funding_requests::id.eq(id))
        .select((FundingRequestRow::as_select(), RoundRow::as_select(), PilotRow::as_select()))
        .first(connection)
        .or_not_found()?;
    let of_pilot = access::standing(connection, Some(actor), &pilot)?;
    let review: Option<ReviewStatus> = funding_reviews::table
        .filter(funding_reviews::request_id.eq(id))
        .filter(funding_reviews::reviewer_id.eq(actor.user_id))
        .select(funding_reviews::status)
        .first(connection)
        .optional()?;
    let funding = part(connection, actor, &row, review)?;
    let stake = Stakes::of(connection, Some(actor))?.are_in(Some(row.fund_id));
    let standing = Standing { funding, stake, ..of_pilot };
    Ok(SeenRequest { row, round, pilot, standing, reader: actor.user_id, review })
}

/// The rule, pure.
fn is_visible(seen: &SeenRequest) -> bool {
    let to_staff = seen.is_open_to_staff();
    let to_reviewer =
        matches!(seen.review, Some(ReviewStatus::Assigned | ReviewStatus::Declared | ReviewStatus::Submitted));
    let may_review = seen.standing.roles.has(Role::Reviewer);
    seen.standing.team || to_staff && seen.standing.roles.is_staff() || may_review && to_reviewer
}

/// What someone did for a request so far. Whoever was assigned to review it counts as its
/// reviewer for ever, also after stepping back.
fn part(
    connection: &mut DbConnection,
    actor: &Actor,
    row: &FundingRequestRow,
    review: Option<ReviewStatus>,
) -> Result<FundingPart, AppError> {
    let me = Some(actor.user_id);
    // From the history and not from the tranches: who paid what was paid anew by another stays who paid it.
    let steps: Vec<TrancheMove> = tranche_transitions::table
        .filter(tranche_transitions::request_id.eq(row.id))
        .filter(tranche_transitions::actor_id.eq(actor.user_id))
        .select(tranche_transitions::command)
        .load(connection)?;
    let did = |step: TrancheMove| steps.contains(&step);
    Ok(FundingPart {
        reviewer: review.is_some(),
        recommender: row.recommended_by == me,
        approver: row.first_approver_id == me || row.awarded_by == me || did(TrancheMove::Approve),
        requester: did(TrancheMove::Request),
        disburser: did(TrancheMove::Disburse),
    })
}
