//! An entry as it is stored.

use diesel::{Queryable, Selectable};

use crate::platform::{
    clock::Timestamp,
    db::schema::audit_entries,
    ids::{AuditEntryId, ServiceAccountId, UserId},
};

/// A line of the trail. Its fields are explained by [`super::AuditEvent`].
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = audit_entries)]
#[expect(missing_docs, reason = "the event it was written from says it")]
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
