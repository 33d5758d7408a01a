//! The audit trail: written in the transaction of the change itself; the database refuses to alter it.

use diesel::{ExpressionMethods, RunQueryDsl, insert_into};
use serde::Serialize;

use super::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{DbConnection, schema::audit_entries},
    error::AppError,
    ids::{AuditEntryId, ServiceAccountId, UserId},
};

/// Who did what, when, from where, to which record.
pub struct AuditEvent<'a> {
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the command line and for strangers.
    pub actor_id: Option<UserId>,
    /// By which program in their name; `None`: by themselves.
    pub service_account_id: Option<ServiceAccountId>,
    /// What: an operation of the API, or a command of the command line.
    pub operation: &'a str,
    /// The kind of record.
    pub record_type: &'static str,
    /// Which one.
    pub record_id: &'a str,
    /// The request's id.
    pub request_id: &'a str,
    /// From where.
    pub address: Option<String>,
    /// Digest of the stored record before; `None` if there was none.
    pub before_sha256: Option<String>,
    /// Digest of the stored record after; `None` if there is none any more.
    pub after_sha256: Option<String>,
}

/// SHA-256 over the stored columns as JSON, in the order of the row's declaration. It proves which state was meant
/// without repeating personal data in a table that can never be cleaned.
///
/// # Errors
/// When the row cannot be written as JSON: a fault of ours.
pub fn digest<T: Serialize>(row: &T) -> Result<String, AppError> {
    serde_json::to_vec(row).map(|json| sha256_hex(&json)).map_err(AppError::internal)
}

/// Appends an entry.
///
/// # Errors
/// Those of the database.
pub fn record(connection: &mut DbConnection, id: AuditEntryId, event: &AuditEvent<'_>) -> Result<(), AppError> {
    insert_into(audit_entries::table)
        .values((
            audit_entries::id.eq(id),
            audit_entries::at.eq(event.at),
            audit_entries::actor_id.eq(event.actor_id),
            audit_entries::service_account_id.eq(event.service_account_id),
            audit_entries::operation.eq(event.operation),
            audit_entries::record_type.eq(event.record_type),
            audit_entries::record_id.eq(event.record_id),
            audit_entries::request_id.eq(event.request_id),
            audit_entries::address.eq(event.address.as_deref()),
            audit_entries::before_sha256.eq(event.before_sha256.as_deref()),
            audit_entries::after_sha256.eq(event.after_sha256.as_deref()),
        ))
        .execute(connection)?;
    Ok(())
}
