//! Sending again what was given up, or one delivery whatever became of it.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::own_endpoint,
    deliveries::{WebhookDeliveryView, send_again, whole},
    ids::{WebhookDeliveryId, WebhookEndpointId},
    rows::{DeliveryRow, EndpointRow, own_delivery},
    status::{DeliveryStatus, EndpointStatus},
};
use crate::platform::{
    clock::Timestamp,
    db::schema::webhook_deliveries,
    error::{AppError, ErrorCode, FieldError},
    web::{Answer, Body, Call, Reply},
};

/// How many deliveries a call sends again at most.
const AT_ONCE: i64 = 500;

/// Replay a webhook delivery.
///
/// Under the same `webhook-id`, in a line of its own. The endpoint has to be active, the delivery not pending.
#[utoipa::path(post, path = "/v1/webhook-deliveries/{delivery_id}/replays", tag = "Events",
    responses((status = 200, description = "The delivery, pending again.", body = WebhookDeliveryView)))]
pub async fn replay_webhook_delivery(call: Call, body: Body) -> Answer {
    let id = call.id("delivery_id", WebhookDeliveryId::parse)?;
    call.look(move |connection, context| own_delivery(connection, context.user()?, id)).await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let (row, endpoint) = own_delivery(tx.conn, &actor, id)?;
        check_active(&endpoint)?;
        if row.status == DeliveryStatus::Pending {
            return Err(AppError::new(ErrorCode::Conflict)
                .detail("The delivery is on its way already.", "ডেলিভারিটি ইতিমধ্যে পাঠানো হচ্ছে।"));
        }
        send_again(tx.conn, &row, tx.now)?;
        let again = DeliveryRow { status: DeliveryStatus::Pending, finished_at: None, ..row };
        let view = whole(tx.conn, again)?;
        Reply::ok(&view)
    })
    .await
}

/// Since when.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"since": "2026-07-01T04:30:00.000Z"}))]
pub struct ReplayWebhookDeliveriesRequest {
    /// Deliveries made at this moment or later.
    #[schema(format = "date-time", max_length = 40)]
    pub since: String,
}

/// How many were put on their way again.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"replayed": 12, "has_more": false}))]
pub struct WebhookReplayView {
    /// So many deliveries.
    #[schema(minimum = 0, maximum = 500)]
    pub replayed: i64,
    /// Whether there are more: call again.
    pub has_more: bool,
}

/// Replay all failed deliveries of a webhook endpoint.
///
/// Those made since a moment that were given up, the oldest first, 500 a call.
#[utoipa::path(post, path = "/v1/webhook-endpoints/{endpoint_id}/replays", tag = "Events",
    request_body = ReplayWebhookDeliveriesRequest,
    responses((status = 200, description = "How many.", body = WebhookReplayView)))]
pub async fn replay_webhook_deliveries(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    let request: ReplayWebhookDeliveriesRequest = body.read(&call).await?;
    let since = Timestamp::parse(&request.since).ok_or_else(|| {
        AppError::validation(vec![FieldError::body("/since", "format", "This is not a date-time.", "এটি সঠিক সময় নয়।")])
    })?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        check_active(&own_endpoint(tx.conn, &actor, id)?)?;
        let failed: Vec<DeliveryRow> = webhook_deliveries::table
            .filter(webhook_deliveries::endpoint_id.eq(id))
            .filter(webhook_deliveries::status.eq(DeliveryStatus::Failed))
            .filter(webhook_deliveries::created_at.ge(since))
            .order(webhook_deliveries::id)
            .limit(AT_ONCE)
            .select(DeliveryRow::as_select())
            .load(tx.conn)?;
        for row in &failed {
            send_again(tx.conn, row, tx.now)?;
        }
        let replayed = i64::try_from(failed.len()).map_err(AppError::internal)?;
        Reply::ok(&WebhookReplayView { replayed, has_more: replayed == AT_ONCE })
    })
    .await
}

fn check_active(endpoint: &EndpointRow) -> Result<(), AppError> {
    if endpoint.status == EndpointStatus::Active {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Conflict)
        .detail("The endpoint is not active; enable it first.", "এন্ডপয়েন্টটি সক্রিয় নয়; আগে চালু করুন।"))
}
