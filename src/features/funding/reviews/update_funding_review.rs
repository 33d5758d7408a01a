//! Writing a review, as long as it is a draft of its author's.

use super::{
    access::{SeenReview, see_review},
    content::{FundingReviewContent, FundingReviewPatch},
    guards::edit_obstacle,
    rows::save,
    ties::{Pair, Ties, ties},
    view::FundingReviewView,
};
use crate::{
    features::funding::ids::FundingReviewId,
    platform::{
        error::{AppError, FieldError},
        web::{Answer, Body, Call, Reply, body::apply_patch},
    },
};

/// Change a review.
///
/// A merge patch (RFC 7396) by its author, once they have declared to be free of conflicts and as long as it is not handed
/// in. A score of null says that the criterion is not applicable. `scores` are replaced as a whole; a criterion that is not in
/// the rubric, that is repeated, or whose score lies outside its anchors is refused by its pointer.
#[utoipa::path(patch, path = "/v1/funding-reviews/{review_id}", tag = "Funding reviews",
    request_body(content = FundingReviewPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed review.", body = FundingReviewView)))]
pub async fn update_funding_review(call: Call, body: Body) -> Answer {
    let id = call.id("review_id", FundingReviewId::parse)?;
    call.look(move |connection, context| {
        let seen = see_review(connection, context.actor.as_ref(), id)?;
        context.permit("update_funding_review", &seen.standing())
    })
    .await?;
    let patch = body.read_patch::<FundingReviewPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_review(tx.conn, Some(&actor), id)?;
        tx.permit("update_funding_review", &seen.standing())?;
        tx.check_version(seen.row.version)?;
        if let Some(obstacle) = edit_obstacle(&seen.row, seen.request.row.status) {
            return Err(obstacle);
        }
        let pair = Pair { request: &seen.request.row, pilot: &seen.request.pilot, person: actor.user_id };
        let tied: Vec<FieldError> = ties(tx.conn, &[pair])?.iter().flat_map(Ties::meanwhile).collect();
        if !tied.is_empty() {
            return Err(AppError::conditions(tied));
        }
        let content: FundingReviewContent = apply_patch(&state.schemas, &FundingReviewContent::of(&seen.row), &patch)?;
        let misfits = content.misfits(&seen.request.round.rubric);
        if !misfits.is_empty() {
            return Err(AppError::validation(misfits));
        }
        let row = save(tx, "update_funding_review", &seen.row, content.into_row(seen.row.clone()))?;
        let version = row.version;
        let view = FundingReviewView::of(tx.conn, SeenReview { row, ..seen }, tx.now.day_in_dhaka())?;
        Reply::record(version, &view)
    })
    .await
}
