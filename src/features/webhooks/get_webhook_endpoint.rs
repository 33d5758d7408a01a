//! One endpoint of one's own.

use super::{endpoint_view::WebhookEndpointView, ids::WebhookEndpointId, rows::own_endpoint};
use crate::platform::web::{Answer, Call, Reply};

/// Read a webhook endpoint.
///
/// One's own. Its secret is not shown again.
#[utoipa::path(get, path = "/v1/webhook-endpoints/{endpoint_id}", tag = "Events",
    responses((status = 200, description = "The endpoint.", body = WebhookEndpointView)))]
pub async fn get_webhook_endpoint(call: Call) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.read(move |connection, context| {
        let row = own_endpoint(connection, context.user()?, id)?;
        Reply::record(row.version, &WebhookEndpointView::from(row))
    })
    .await
}
