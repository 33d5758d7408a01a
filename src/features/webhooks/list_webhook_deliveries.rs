//! The log of an endpoint, the newest first, each delivery with its latest attempt.

use std::collections::HashMap;

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    access::own_endpoint,
    deliveries::WebhookDeliveryView,
    ids::{WebhookDeliveryId, WebhookEndpointId},
    rows::{AttemptRow, DeliveryRow},
    status::DeliveryStatus,
};
use crate::platform::{
    db::{
        DbConnection,
        dialect::Backend,
        schema::{webhook_attempts, webhook_deliveries},
    },
    error::AppError,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which deliveries.
    ListWebhookDeliveriesQuery {
        /// Those that stand so.
        #[param(inline)]
        status: Option<DeliveryStatus>,
    }
}

page_view! {
    /// A page of deliveries.
    WebhookDeliveryPage of WebhookDeliveryView
}

/// List the deliveries of a webhook endpoint.
///
/// The newest first, each with its latest attempt. What is done with is kept for thirty days.
#[utoipa::path(get, path = "/v1/webhook-endpoints/{endpoint_id}/deliveries", tag = "Events",
    params(ListWebhookDeliveriesQuery),
    responses((status = 200, description = "A page of deliveries.", body = WebhookDeliveryPage)))]
pub async fn list_webhook_deliveries(call: Call) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    let query: ListWebhookDeliveriesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        own_endpoint(connection, context.user()?, id)?;
        let total = slice.total(|most| {
            chosen(id, query.status).select(webhook_deliveries::id).limit(most).load::<String>(connection)
        })?;
        let mut rest = chosen(id, query.status);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(webhook_deliveries::id.lt(after));
        }
        let rows: Vec<DeliveryRow> = rest
            .order(webhook_deliveries::id.desc())
            .limit(slice.fetch())
            .select(DeliveryRow::as_select())
            .load(connection)?;
        let mut latest = latest_attempts(connection, &rows)?;
        let cursor = |row: &DeliveryRow| Cursor { key: String::new(), id: row.id.to_string() };
        WebhookDeliveryPage::reply(context, &slice, rows, total, cursor, |row| {
            let attempts = latest.remove(&row.id).into_iter().collect();
            WebhookDeliveryView::new(row, attempts)
        })
    })
    .await
}

fn chosen(
    endpoint: WebhookEndpointId,
    status: Option<DeliveryStatus>,
) -> webhook_deliveries::BoxedQuery<'static, Backend> {
    let all = webhook_deliveries::table.filter(webhook_deliveries::endpoint_id.eq(endpoint)).into_boxed();
    match status {
        Some(status) => all.filter(webhook_deliveries::status.eq(status)),
        None => all,
    }
}

fn latest_attempts(
    connection: &mut DbConnection,
    rows: &[DeliveryRow],
) -> Result<HashMap<WebhookDeliveryId, AttemptRow>, AppError> {
    let ids: Vec<WebhookDeliveryId> = rows.iter().map(|row| row.id).collect();
    let latest: Vec<AttemptRow> = webhook_attempts::table
        .inner_join(
            webhook_deliveries::table.on(webhook_deliveries::id
                .eq(webhook_attempts::delivery_id)
                .and(webhook_deliveries::attempts.eq(webhook_attempts::number))),
        )
        .filter(webhook_deliveries::id.eq_any(ids))
        .select(AttemptRow::as_select())
        .load(connection)?;
    Ok(latest.into_iter().map(|row| (row.delivery_id, row)).collect())
}
