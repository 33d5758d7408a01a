//! Deliveries as their owner sees them, and how one is put on its way.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, insert_into, update};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ids::{WebhookDeliveryId, WebhookEndpointId},
    rows::{AttemptRow, DeliveryRow},
    status::DeliveryStatus,
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection,
        schema::{webhook_attempts, webhook_deliveries},
    },
    error::AppError,
    outbox,
};

/// The topic of the outbox.
pub const TOPIC: &str = "webhook";

/// What the outbox carries: which delivery. Everything else is read when it is sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Queued {
    pub delivery_id: WebhookDeliveryId,
}

/// Makes a delivery and queues it. `about` is the record: deliveries about one record reach one endpoint in order.
///
/// # Errors
/// Those of the database.
pub fn send_off(connection: &mut DbConnection, row: &DeliveryRow, about: &str, now: Timestamp) -> Result<(), AppError> {
    insert_into(webhook_deliveries::table).values(row).execute(connection)?;
    queue(connection, row, about, now)
}

/// Sends a delivery once more, under its old id, by which the receiver knows it.
///
/// # Errors
/// Those of the database.
pub fn send_again(connection: &mut DbConnection, row: &DeliveryRow, now: Timestamp) -> Result<(), AppError> {
    update(webhook_deliveries::table.find(row.id))
        .set((
            webhook_deliveries::status.eq(DeliveryStatus::Pending),
            webhook_deliveries::finished_at.eq(None::<Timestamp>),
        ))
        .execute(connection)?;
    // In a line of its own: it must not wait behind what came after it.
    queue(connection, row, row.id.as_str(), now)
}

fn queue(connection: &mut DbConnection, row: &DeliveryRow, about: &str, now: Timestamp) -> Result<(), AppError> {
    let key = format!("{}:{about}", row.endpoint_id);
    outbox::enqueue(connection, now, TOPIC, &key, &Queued { delivery_id: row.id }).map(|_| ())
}

/// One attempt.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookAttemptView {
    /// Counts from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// When.
    pub at: Timestamp,
    /// What the receiver answered; null if nothing.
    #[schema(minimum = 100, maximum = 999)]
    pub http_status: Option<i32>,
    /// How long it took.
    #[schema(minimum = 0)]
    pub milliseconds: i32,
    /// Why there was no answer.
    #[schema(max_length = 500)]
    pub error: Option<String>,
    /// The beginning of the answer.
    #[schema(max_length = 500)]
    pub response: Option<String>,
}

/// One change, or a test, on its way to one endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    /// Its identifier, sent as `webhook-id`, the same at each attempt.
    pub id: WebhookDeliveryId,
    /// To where.
    pub endpoint_id: WebhookEndpointId,
    /// The change in the feed; null for a test.
    #[schema(minimum = 1)]
    pub position: Option<i64>,
    /// How it stands.
    #[schema(inline)]
    pub status: DeliveryStatus,
    /// How often it was tried.
    #[schema(minimum = 0)]
    pub attempt_count: i32,
    /// The attempts, the latest first; in lists the latest alone.
    #[schema(max_items = 50)]
    pub attempts: Vec<WebhookAttemptView>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was done with.
    pub finished_at: Option<Timestamp>,
}

impl WebhookDeliveryView {
    /// With these attempts.
    pub fn new(row: DeliveryRow, attempts: Vec<AttemptRow>) -> Self {
        let attempts = attempts
            .into_iter()
            .map(|row| WebhookAttemptView {
                number: row.number,
                at: row.at,
                http_status: row.http_status,
                milliseconds: row.milliseconds,
                error: row.error,
                response: row.response,
            })
            .collect();
        Self {
            id: row.id,
            endpoint_id: row.endpoint_id,
            position: row.position,
            status: row.status,
            attempt_count: row.attempts,
            attempts,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }

    /// Counts what can happen to a delivery.
    pub fn version(&self) -> i64 {
        let stage = match self.status {
            DeliveryStatus::Pending => 1,
            DeliveryStatus::Delivered => 2,
            DeliveryStatus::Failed => 3,
            DeliveryStatus::Skipped => 4,
        };
        i64::from(self.attempt_count) * 10 + stage
    }
}

/// A delivery with all its attempts.
///
/// # Errors
/// Those of the database.
pub fn whole(connection: &mut DbConnection, row: DeliveryRow) -> Result<WebhookDeliveryView, AppError> {
    let attempts: Vec<AttemptRow> = webhook_attempts::table
        .filter(webhook_attempts::delivery_id.eq(row.id))
        .order(webhook_attempts::number.desc())
        .limit(50)
        .select(AttemptRow::as_select())
        .load(connection)?;
    Ok(WebhookDeliveryView::new(row, attempts))
}
