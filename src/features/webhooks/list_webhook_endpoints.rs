//! One's own endpoints, in the order of their making; for administrators and auditors those of all.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    access::{OVERSEERS, programs},
    endpoint_view::WebhookEndpointView,
    ids::WebhookEndpointId,
    rows::EndpointRow,
    status::EndpointStatus,
};
use crate::platform::{
    auth::Actor,
    db::{dialect::Backend, schema::webhook_endpoints},
    ids::UserId,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which endpoints.
    ListWebhookEndpointsQuery {
        /// Those of this person.
        #[param(inline)]
        owner_id: Option<UserId>,
        /// Those that stand so.
        #[param(inline)]
        status: Option<EndpointStatus>,
    }
}

page_view! {
    /// A page of endpoints.
    WebhookEndpointPage of WebhookEndpointView
}

/// List webhook endpoints.
///
/// One's own; administrators and auditors see those of all, of others without the path of the URL. A key sees those that
/// its own service account made.
#[utoipa::path(get, path = "/v1/webhook-endpoints", tag = "Events", params(ListWebhookEndpointsQuery),
    responses((status = 200, description = "A page of endpoints.", body = WebhookEndpointPage)))]
pub async fn list_webhook_endpoints(call: Call) -> Answer {
    let query: ListWebhookEndpointsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let total = slice.total(|most| {
            filtered(&query, actor).select(webhook_endpoints::id).limit(most).load::<WebhookEndpointId>(connection)
        })?;
        let mut rest = filtered(&query, actor);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(webhook_endpoints::id.gt(after));
        }
        let rows: Vec<EndpointRow> =
            rest.order(webhook_endpoints::id).limit(slice.fetch()).select(EndpointRow::as_select()).load(connection)?;
        let programs = programs(connection, rows.iter(), context.now())?;
        let cursor = |row: &EndpointRow| Cursor { key: String::new(), id: row.id.to_string() };
        let view = |row| WebhookEndpointView::new(row, actor, &programs);
        WebhookEndpointPage::reply(context, &slice, rows, total, cursor, view)
    })
    .await
}

fn filtered(query: &ListWebhookEndpointsQuery, actor: &Actor) -> webhook_endpoints::BoxedQuery<'static, Backend> {
    let mut chosen = webhook_endpoints::table.into_boxed();
    if !actor.roles.has_any(OVERSEERS) {
        chosen = chosen.filter(webhook_endpoints::owner_id.eq(actor.user_id));
        if let Some(program) = actor.service_account_id() {
            chosen = chosen.filter(webhook_endpoints::service_account_id.eq(program));
        }
    }
    if let Some(owner) = query.owner_id {
        chosen = chosen.filter(webhook_endpoints::owner_id.eq(owner));
    }
    if let Some(status) = query.status {
        chosen = chosen.filter(webhook_endpoints::status.eq(status));
    }
    chosen
}
