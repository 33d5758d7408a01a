//! A line of the audit trail, as it is stored and shown.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    audit::AuditEntryRow,
    clock::Timestamp,
    db::{DbConnection, schema::audit_chain},
    error::AppError,
    ids::{AuditEntryId, ServiceAccountId, UserId},
};

/// A line with its place in the chain, once it has one.
pub struct ChainedEntry {
    pub row: AuditEntryRow,
    pub link: Option<Link>,
}

/// A place in the chain.
pub struct Link {
    pub seq: i64,
    pub hash: String,
}

/// Finds the places of entries, in one query.
///
/// # Errors
/// Those of the database.
pub fn with_links(connection: &mut DbConnection, rows: Vec<AuditEntryRow>) -> Result<Vec<ChainedEntry>, AppError> {
    let ids: Vec<AuditEntryId> = rows.iter().map(|row| row.id).collect();
    let links: Vec<(AuditEntryId, i64, String)> = audit_chain::table
        .filter(audit_chain::entry_id.eq_any(ids))
        .select((audit_chain::entry_id, audit_chain::seq, audit_chain::hash))
        .load(connection)?;
    let mut links: HashMap<AuditEntryId, Link> =
        links.into_iter().map(|(id, seq, hash)| (id, Link { seq, hash })).collect();
    Ok(rows.into_iter().map(|row| ChainedEntry { link: links.remove(&row.id), row }).collect())
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
    /// Its place in the chain; null until it is sealed, which takes about a second.
    #[schema(minimum = 1)]
    pub seq: Option<i64>,
    /// The hash of its link: SHA-256 over the entry and the hash before.
    #[schema(max_length = 64)]
    pub hash: Option<String>,
}

impl From<ChainedEntry> for AuditEntryView {
    fn from(ChainedEntry { row, link }: ChainedEntry) -> Self {
        let (seq, hash) = link.map(|link| (link.seq, link.hash)).unzip();
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
            seq,
            hash,
        }
    }
}
