//! What may I do with a review, and why not.

use super::{
    access::see_review,
    guards::actions,
    ties::{Pair, ties},
};
use crate::{
    features::{actions::ActionsView, funding::ids::FundingReviewId},
    platform::{
        error::AppError,
        web::{Answer, Call, Reply},
    },
};

/// Explain what may be done with a review.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/funding-reviews/{review_id}/actions", tag = "Funding reviews",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_funding_review_actions(call: Call) -> Answer {
    let id = call.id("review_id", FundingReviewId::parse)?;
    call.read(move |connection, context| {
        let seen = see_review(connection, context.actor.as_ref(), id)?;
        context.permit("get_funding_review_actions", &seen.standing())?;
        let pair = Pair { request: &seen.request.row, pilot: &seen.request.pilot, person: seen.row.reviewer_id };
        let of_author = ties(connection, &[pair])?.pop().ok_or_else(AppError::not_found)?;
        Reply::ok(&ActionsView::new(actions(&seen, &of_author), context.meta.language))
    })
    .await
}
