//! The tranches of a request, in their order. A request has at most twenty.

use super::{access::Agreement, access::sees_money, view::TrancheView};
use crate::{
    features::funding::{ids::FundingRequestId, requests::see_request},
    platform::web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which part of the tranches.
    ListTranchesQuery {}
}

page_view! {
    /// A page of tranches, in their order.
    TranchePage of TrancheView
}

/// List the tranches of a funding request.
///
/// In their order; for the pilot's team once the results are released, and for staff.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/tranches", tag = "Tranches", params(ListTranchesQuery),
    responses((status = 200, description = "A page of tranches.", body = TranchePage)))]
pub async fn list_tranches(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListTranchesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("list_tranches", &seen.standing)?;
        let mut all = if sees_money(&seen) { TrancheView::all(Agreement::of(connection, seen)?) } else { Vec::new() };
        let total = slice.include_total.then(|| i64::try_from(all.len()).unwrap_or(i64::MAX));
        let after = slice.after.as_ref().and_then(|cursor| cursor.key.parse::<i32>().ok()).unwrap_or(0);
        all.retain(|tranche| tranche.number > after);
        let cursor = |it: &TrancheView| Cursor { key: it.number.to_string(), id: it.id.to_string() };
        TranchePage::reply(context, &slice, all, total, cursor, |tranche| tranche)
    })
    .await
}
