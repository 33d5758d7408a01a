//! Moving a review: its reviewer declares, steps back or hands in; a fund officer gives the place to someone else.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenReview, see_review},
    assign_reviewer::assign,
    guards::unmet,
    rows::{FundingReviewRow, save},
    score::review_score,
    status::{LIFECYCLE, ReviewCommand},
    ties::{Pair, ties},
    view::FundingReviewView,
};
use crate::{
    features::funding::ids::FundingReviewId,
    platform::{
        command_fields::{self, Use},
        error::AppError,
        ids::UserId,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a review.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "recuse", "reason": "The owner's deputy is my cousin."}))]
pub struct TransitionFundingReviewRequest {
    /// What to do.
    #[schema(inline)]
    pub action: ReviewCommand,
    /// For `recuse` the conflict, for `replace` why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
    /// For `replace`: who takes the place.
    #[serde(default)]
    pub reviewer_id: Option<UserId>,
    /// For `replace`: by when the new review is to be handed in.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// Move a review.
///
/// The reviewer: `declare` says that they are free of conflicts and opens the file; `recuse` names a conflict and closes it
/// for good; `submit` hands the review in, after which it stays as it is. Whoever came to be tied to the request after they
/// were assigned can only step back. A fund officer: `replace` gives the place to someone else, under the same rules as
/// `assign_reviewer`; the new review is another record, named by `replaced_by_id`.
#[utoipa::path(post, path = "/v1/funding-reviews/{review_id}/transitions", tag = "Funding reviews",
    request_body = TransitionFundingReviewRequest,
    responses((status = 200, description = "The review after the move.", body = FundingReviewView)))]
pub async fn transition_funding_review(call: Call, body: Body) -> Answer {
    let id = call.id("review_id", FundingReviewId::parse)?;
    call.look(move |connection, context| see_review(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionFundingReviewRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingReviewId, request: &TransitionFundingReviewRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_review(tx.conn, Some(&actor), id)?;
    let command = request.action;
    tx.permit(command.line(), &seen.standing())?;
    check_fields(request)?;
    tx.check_version(seen.row.version)?;
    let to = next(LIFECYCLE, seen.row.status, command)?.to;
    let rubric = &seen.request.round.rubric;
    let pair = Pair { request: &seen.request.row, pilot: &seen.request.pilot, person: seen.row.reviewer_id };
    for ties in ties(tx.conn, &[pair])? {
        let failing = unmet(command, &seen.row, &seen.request.row, rubric, &ties);
        if !failing.is_empty() {
            return Err(AppError::conditions(failing));
        }
    }
    let mut after = FundingReviewRow { status: to, ..seen.row.clone() };
    match command {
        ReviewCommand::Declare => after.declared_at = Some(tx.now),
        ReviewCommand::Recuse => after.conflict = request.reason.clone(),
        ReviewCommand::Submit => {
            after.score = review_score(rubric, &seen.row.scores);
            after.submitted_at = Some(tx.now);
        }
        ReviewCommand::Replace => {
            let (reviewer, due_on) = request.reviewer_id.zip(request.due_on).ok_or_else(AppError::not_found)?;
            after.replace_reason = request.reason.clone();
            after.replaced_by_id = Some(assign(tx, &seen.request, reviewer, due_on)?.id);
        }
    }
    let row = save(tx, command.line(), &seen.row, after)?;
    let version = row.version;
    let view = FundingReviewView::of(tx.conn, SeenReview { row, ..seen }, tx.now.day_in_dhaka())?;
    Reply::record(version, &view)
}

/// What the command needs, and what it has no use for.
fn check_fields(request: &TransitionFundingReviewRequest) -> Result<(), AppError> {
    let command = request.action;
    let needs_reason = LIFECYCLE.iter().any(|step| step.command == command && step.needs_reason);
    let replaces = command == ReviewCommand::Replace;
    command_fields::check([
        ("/reason", request.reason.is_some(), Use::always_and(needs_reason)),
        ("/reviewer_id", request.reviewer_id.is_some(), Use::only_if(replaces)),
        ("/due_on", request.due_on.is_some(), Use::only_if(replaces)),
    ])
}
