//! One review.

use super::{access::see_review, view::FundingReviewView};
use crate::{
    features::funding::ids::FundingReviewId,
    platform::web::{Answer, Call, Reply},
};

/// Read a review.
///
/// Its author reads all of it. Fund officers, approvers and auditors outside the pilot's team see who reviews and how far
/// it is, and what was written once it is handed in; before that nobody but the author does. Another reviewer of the
/// request sees it when their own is in and the panel has begun.
#[utoipa::path(get, path = "/v1/funding-reviews/{review_id}", tag = "Funding reviews",
    responses((status = 200, description = "The review.", body = FundingReviewView)))]
pub async fn get_funding_review(call: Call) -> Answer {
    let id = call.id("review_id", FundingReviewId::parse)?;
    call.read(move |connection, context| {
        let seen = see_review(connection, context.actor.as_ref(), id)?;
        context.permit("get_funding_review", &seen.standing())?;
        let version = seen.row.version;
        Reply::record(version, &FundingReviewView::of(connection, seen, context.now().day_in_dhaka())?)
    })
    .await
}
