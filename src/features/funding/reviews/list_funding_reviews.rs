//! The reviews of a request: for those who oversee them, and for its reviewers what they may know of each other.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    access::{SeenReview, has_panel_begun, reader},
    rows::FundingReviewRow,
    status::ReviewStatus,
    view::FundingReviewView,
};
use crate::{
    features::funding::{
        ids::FundingRequestId,
        requests::{SeenRequest, see_request},
    },
    platform::{
        auth::Standing,
        db::{dialect::Backend, schema::funding_reviews},
        ids::UserId,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the reviews.
    ListFundingReviewsQuery {}
}

page_view! {
    /// A page of reviews, oldest first.
    FundingReviewPage of FundingReviewView
}

/// List the reviews of a funding request.
///
/// For fund officers, approvers and auditors outside the pilot's team; what a reviewer wrote is there once it is handed
/// in. A reviewer of the request, whatever else they are, finds their own here, and the others when it is in and the
/// panel has begun. The pilot's team never learns who reviews.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/reviews", tag = "Funding reviews",
    params(ListFundingReviewsQuery),
    responses((status = 200, description = "A page of reviews.", body = FundingReviewPage)))]
pub async fn list_funding_reviews(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListFundingReviewsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let request = see_request(connection, Some(actor), id)?;
        let standing = Standing { oneself: request.review.is_some(), ..request.standing };
        context.permit("list_funding_reviews", &standing)?;
        let total = slice.total(|most| {
            visible(&request, actor.user_id).select(funding_reviews::id).limit(most).load::<String>(connection)
        })?;
        let mut rows = visible(&request, actor.user_id);
        if let Some(after) = slice.after_id() {
            rows = rows.filter(funding_reviews::id.gt(after));
        }
        let rows: Vec<FundingReviewRow> = rows
            .order(funding_reviews::id)
            .limit(slice.fetch())
            .select(FundingReviewRow::as_select())
            .load(connection)?;
        let seen: Vec<SeenReview> = rows
            .into_iter()
            .filter_map(|row| {
                let reader = reader(&request, &row, actor.user_id)?;
                Some(SeenReview { row, request: request.clone(), reader })
            })
            .collect();
        let views = FundingReviewView::of_many(connection, &seen, context.now().day_in_dhaka())?;
        let cursor = |view: &FundingReviewView| Cursor { key: String::new(), id: view.id.to_string() };
        FundingReviewPage::reply(context, &slice, views, total, cursor, |view| view)
    })
    .await
}

/// The rule of `access::reader` as a filter.
fn visible(request: &SeenRequest, me: UserId) -> funding_reviews::BoxedQuery<'static, Backend> {
    let all = funding_reviews::table.filter(funding_reviews::request_id.eq(request.row.id)).into_boxed();
    match request.review {
        None => all,
        Some(ReviewStatus::Submitted) if has_panel_begun(request.row.status) => {
            all.filter(funding_reviews::reviewer_id.eq(me).or(funding_reviews::status.eq(ReviewStatus::Submitted)))
        }
        Some(_) => all.filter(funding_reviews::reviewer_id.eq(me)),
    }
}
