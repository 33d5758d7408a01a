//! One delivery with its attempts.

use super::{
    deliveries::{WebhookDeliveryView, whole},
    ids::WebhookDeliveryId,
    rows::own_delivery,
};
use crate::platform::web::{Answer, Call, Reply};

/// Read a webhook delivery.
///
/// With its attempts, the latest first.
#[utoipa::path(get, path = "/v1/webhook-deliveries/{delivery_id}", tag = "Events",
    responses((status = 200, description = "The delivery.", body = WebhookDeliveryView)))]
pub async fn get_webhook_delivery(call: Call) -> Answer {
    let id = call.id("delivery_id", WebhookDeliveryId::parse)?;
    call.read(move |connection, context| {
        let (row, _) = own_delivery(connection, context.user()?, id)?;
        let view = whole(connection, row)?;
        Reply::record(view.version(), &view)
    })
    .await
}
