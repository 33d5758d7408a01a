//! Endpoints and deliveries as they are stored.

use diesel::{
    AsChangeset, ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper, update,
};
use serde::Serialize;

use super::{
    access::own_endpoint,
    ids::{WebhookDeliveryId, WebhookEndpointId},
    status::{DeliveryStatus, EndpointStatus},
};
use crate::platform::{
    auth::Actor,
    clock::Timestamp,
    db::{
        DbConnection,
        json_list::JsonList,
        schema::{webhook_attempts, webhook_deliveries, webhook_endpoints},
    },
    error::{AppError, DatabaseIntent, ErrorCode},
    ids::{ServiceAccountId, UserId},
    web::Tx,
};

/// An endpoint. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = webhook_endpoints, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct EndpointRow {
    pub id: WebhookEndpointId,
    pub owner_id: UserId,
    pub url: String,
    pub description: Option<String>,
    pub record_types: JsonList<String>,
    pub status: EndpointStatus,
    pub status_reason: Option<String>,
    pub secret_salt: String,
    pub old_secret_salt: Option<String>,
    pub old_secret_until: Option<Timestamp>,
    pub start_position: i64,
    pub failing_since: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    // Not in the digests of those that have none, which are older than the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_id: Option<ServiceAccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_by: Option<UserId>,
}

/// One change, or a test, on its way to one endpoint.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
pub struct DeliveryRow {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub position: Option<i64>,
    pub status: DeliveryStatus,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// One attempt at a delivery.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_attempts, treat_none_as_default_value = false)]
pub struct AttemptRow {
    pub delivery_id: WebhookDeliveryId,
    pub number: i32,
    pub at: Timestamp,
    pub http_status: Option<i32>,
    pub milliseconds: i32,
    pub error: Option<String>,
    pub response: Option<String>,
}

/// The delivery with its endpoint, if that is the caller's own.
///
/// # Errors
/// `NotFound`.
pub fn own_delivery(
    connection: &mut DbConnection,
    actor: &Actor,
    id: WebhookDeliveryId,
) -> Result<(DeliveryRow, EndpointRow), AppError> {
    let row: DeliveryRow =
        webhook_deliveries::table.find(id).select(DeliveryRow::as_select()).first(connection).or_not_found()?;
    let endpoint = own_endpoint(connection, actor, row.endpoint_id)?;
    Ok((row, endpoint))
}

/// Stores a changed endpoint as its next version, and writes that down for its owner.
///
/// # Errors
/// `VersionMismatch` when someone else was faster; those of the database.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &EndpointRow, after: EndpointRow) -> Result<EndpointRow, AppError> {
    let after = EndpointRow { version: before.version + 1, updated_at: tx.now, ..after };
    let changed =
        update(webhook_endpoints::table.find(before.id).filter(webhook_endpoints::version.eq(before.version)))
            .set(&after)
            .execute(tx.conn)?;
    if changed != 1 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.concerns("user", before.owner_id.as_str());
    tx.audit_as(action, "webhook_endpoint", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
