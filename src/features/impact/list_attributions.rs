//! How a service was shared among its pilots, then and now.

use super::{
    AttributionId,
    access::must_exist,
    attributions::{AttributionRow, AttributionView, page, shares_of},
};
use crate::platform::{
    ids::ServiceId,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which part of the history.
    ListAttributionsQuery {}
}

page_view! {
    /// A page of attributions.
    AttributionPage of AttributionView
}

/// List a service's attributions.
///
/// In the order of their setting; the last one counts.
#[utoipa::path(get, path = "/v1/services/{service_id}/attributions", tag = "Impact", params(ListAttributionsQuery),
    responses((status = 200, description = "A page of attributions.", body = AttributionPage)))]
pub async fn list_attributions(call: Call) -> Answer {
    let service = call.id("service_id", ServiceId::parse)?;
    let query: ListAttributionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        must_exist(connection, service)?;
        let total = slice.total(|most| page(connection, service, None, most))?;
        let rows = page(connection, service, slice.after_id(), slice.fetch())?;
        let ids: Vec<AttributionId> = rows.iter().map(|(row, _)| row.id).collect();
        let mut shares = shares_of(connection, &ids)?;
        let cursor = |(row, _): &(AttributionRow, bool)| Cursor { key: String::new(), id: row.id.to_string() };
        AttributionPage::reply(context, &slice, rows, total, cursor, |(row, is_current)| {
            let of_row = shares.remove(&row.id).unwrap_or_default();
            AttributionView::new(row, of_row, is_current)
        })
    })
    .await
}
