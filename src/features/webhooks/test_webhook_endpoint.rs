//! A test: a message of its own kind that goes the same way as all others.

use super::{
    access::own_endpoint,
    deliveries::{WebhookDeliveryView, send_off},
    ids::WebhookEndpointId,
    rows::DeliveryRow,
    status::{DeliveryStatus, EndpointStatus},
};
use crate::platform::{
    error::{AppError, ErrorCode},
    web::{Answer, Body, Call, Reply},
};

/// Test a webhook endpoint.
///
/// Posts a message of the type `webhook.test`. What came of it is in the delivery that is returned.
#[utoipa::path(post, path = "/v1/webhook-endpoints/{endpoint_id}/tests", tag = "Events",
    responses((status = 201, description = "The delivery.", body = WebhookDeliveryView)))]
pub async fn test_webhook_endpoint(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        if own_endpoint(tx.conn, &actor, id)?.status != EndpointStatus::Active {
            return Err(AppError::new(ErrorCode::Conflict)
                .detail("The endpoint is not active; enable it first.", "এন্ডপয়েন্টটি সক্রিয় নয়; আগে চালু করুন।"));
        }
        let row = DeliveryRow {
            id: tx.new_id(),
            endpoint_id: id,
            position: None,
            status: DeliveryStatus::Pending,
            attempts: 0,
            created_at: tx.now,
            finished_at: None,
        };
        send_off(tx.conn, &row, "test", tx.now)?;
        let view = WebhookDeliveryView::new(row, Vec::new());
        Reply::created(format!("/v1/webhook-deliveries/{}", view.id), view.version(), &view)
    })
    .await
}
