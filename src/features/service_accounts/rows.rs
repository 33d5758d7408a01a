//! Service accounts and their keys as they are stored.

use chrono::NaiveDate;
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper, update,
};
use serde::Serialize;

use super::status::ServiceAccountStatus;
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection,
        json_list::JsonList,
        schema::{api_keys, service_accounts},
    },
    error::{AppError, DatabaseIntent, ErrorCode},
    ids::{ApiKeyId, ServiceAccountId, UserId},
};

/// A service account. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = service_accounts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ServiceAccountRow {
    pub id: ServiceAccountId,
    pub owner_id: UserId,
    pub name: String,
    pub scopes: JsonList<String>,
    pub ends_on: NaiveDate,
    pub status: ServiceAccountStatus,
    pub status_reason: Option<String>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A key. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub struct ApiKeyRow {
    pub id: ApiKeyId,
    pub service_account_id: ServiceAccountId,
    pub prefix: String,
    pub key_sha256: String,
    pub expires_on: NaiveDate,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// The service account of this id.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find(connection: &mut DbConnection, id: ServiceAccountId) -> Result<ServiceAccountRow, AppError> {
    service_accounts::table.find(id).select(ServiceAccountRow::as_select()).first(connection).or_not_found()
}

/// Stores it as the version after its present one.
///
/// # Errors
/// `VersionMismatch`; those of the database.
pub fn save(
    connection: &mut DbConnection,
    row: ServiceAccountRow,
    now: Timestamp,
) -> Result<ServiceAccountRow, AppError> {
    let next = ServiceAccountRow { version: row.version + 1, updated_at: now, ..row };
    let present = service_accounts::table
        .filter(service_accounts::id.eq(next.id))
        .filter(service_accounts::version.eq(next.version - 1));
    let changed = update(present).set(&next).execute(connection)?;
    if changed == 0 { Err(AppError::new(ErrorCode::VersionMismatch)) } else { Ok(next) }
}

/// The stored digests of all keys, by which the server forgets what it remembers of them.
///
/// # Errors
/// Those of the database.
pub fn digests(connection: &mut DbConnection, id: ServiceAccountId) -> Result<Vec<String>, AppError> {
    Ok(api_keys::table.filter(api_keys::service_account_id.eq(id)).select(api_keys::key_sha256).load(connection)?)
}
