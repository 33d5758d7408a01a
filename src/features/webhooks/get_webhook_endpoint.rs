//! One endpoint.

use super::{access::see_endpoint, endpoint_view::WebhookEndpointView, ids::WebhookEndpointId};
use crate::platform::web::{Answer, Call, Reply};

/// Read a webhook endpoint.
///
/// One's own; administrators and auditors read all. Its secret is not shown again.
#[utoipa::path(get, path = "/v1/webhook-endpoints/{endpoint_id}", tag = "Events",
    responses((status = 200, description = "The endpoint.", body = WebhookEndpointView)))]
pub async fn get_webhook_endpoint(call: Call) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let row = see_endpoint(connection, actor, id)?;
        Reply::record(row.version, &WebhookEndpointView::of(connection, row, actor, context.now())?)
    })
    .await
}
