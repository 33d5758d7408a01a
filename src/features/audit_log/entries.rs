//! A line of the audit trail, as it is stored and shown.

use diesel::{Queryable, Selectable};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    clock::Timestamp,
    db::schema::audit_entries,
    ids::{AuditEntryId, ServiceAccountId, UserId},
};

/// A line as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
pub struct AuditEntryRow {
    pub id: AuditEntryId,
    pub at: Timestamp,
    pub actor_id: Option<UserId>,
    pub operation: String,
    pub record_type: String,
    pub record_id: String,
    pub request_id: String,
    pub address: Option<String>,
    pub before_sha256: Option<String>,
    pub after_sha256: Option<String>,
    pub service_account_id: Option<ServiceAccountId>,
}

/// Who did what, when, from where, to which record.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntryView {
    /// Its identifier.
    pub id: AuditEntryId,
    /// When.
    pub at: Timestamp,
    /// Who; null for the command line and for strangers.
    pub actor_id: Option<UserId>,
    /// By which service account in that person's name; null: by the person.
    pub service_account_id: Option<ServiceAccountId>,
    /// What: an operation of this API, or a command of the command line.
    #[schema(max_length = 100, example = "transition_user")]
    pub operation: String,
    /// The kind of record.
    #[schema(max_length = 60, example = "user")]
    pub record_type: String,
    /// Which one.
    #[schema(max_length = 200, example = "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e")]
    pub record_id: String,
    /// The `X-Request-Id` of the request.
    #[schema(max_length = 128)]
    pub request_id: String,
    /// From which address.
    #[schema(max_length = 60, example = "203.0.113.9")]
    pub address: Option<String>,
    /// SHA-256 of the stored record before; null if there was none.
    #[schema(max_length = 64)]
    pub before_sha256: Option<String>,
    /// SHA-256 of the stored record after; null if there is none any more.
    #[schema(max_length = 64)]
    pub after_sha256: Option<String>,
}

impl From<AuditEntryRow> for AuditEntryView {
    fn from(row: AuditEntryRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor_id: row.actor_id,
            service_account_id: row.service_account_id,
            operation: row.operation,
            record_type: row.record_type,
            record_id: row.record_id,
            request_id: row.request_id,
            address: row.address,
            before_sha256: row.before_sha256,
            after_sha256: row.after_sha256,
        }
    }
}
