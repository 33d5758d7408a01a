//! One's own endpoints, in the order of their making.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{endpoint_view::WebhookEndpointView, rows::EndpointRow};
use crate::platform::{
    db::schema::webhook_endpoints,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which endpoints.
    ListWebhookEndpointsQuery {}
}

page_view! {
    /// A page of endpoints.
    WebhookEndpointPage of WebhookEndpointView
}

/// List webhook endpoints.
///
/// One's own.
#[utoipa::path(get, path = "/v1/webhook-endpoints", tag = "Events", params(ListWebhookEndpointsQuery),
    responses((status = 200, description = "A page of endpoints.", body = WebhookEndpointPage)))]
pub async fn list_webhook_endpoints(call: Call) -> Answer {
    let query: ListWebhookEndpointsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let owner = context.user()?.user_id;
        let own = webhook_endpoints::table.filter(webhook_endpoints::owner_id.eq(owner));
        let total = slice.total(|most| own.select(webhook_endpoints::id).limit(most).load::<String>(connection))?;
        let mut rest = own.into_boxed();
        if let Some(after) = slice.after_id() {
            rest = rest.filter(webhook_endpoints::id.gt(after));
        }
        let rows: Vec<EndpointRow> =
            rest.order(webhook_endpoints::id).limit(slice.fetch()).select(EndpointRow::as_select()).load(connection)?;
        let cursor = |row: &EndpointRow| Cursor { key: String::new(), id: row.id.to_string() };
        WebhookEndpointPage::reply(context, &slice, rows, total, cursor, WebhookEndpointView::from)
    })
    .await
}
