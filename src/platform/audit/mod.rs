//! The audit trail: written in the transaction of the change itself; the database refuses to alter it. Each entry is
//! queued for the chain in the same transaction; [`seal`] forms the links in the background, so that writers never wait
//! for one another, and [`verify`] tells whether anything was altered all the same.

mod chain;
mod entry;
mod mark;
mod sealer;
pub mod verify;

pub use chain::{Checkpoint, head};
pub use entry::AuditEntryRow;
pub use mark::{Mark, SubjectColumn};
pub use sealer::{seal, seal_due};

use diesel::{ExpressionMethods, insert_into};
use serde::Serialize;

use super::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        DbConnection,
        at_once::{Part, at_once},
        schema::{audit_entries, audit_unsealed},
    },
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

/// What is stored of a row: its columns as JSON, in the order of the row's declaration.
///
/// # Errors
/// When the row cannot be written as JSON: a fault of ours.
pub fn columns<T: Serialize>(row: &T) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(row).map_err(AppError::internal)
}

/// SHA-256 over the stored columns. It proves which state was meant without repeating personal data in a table that can
/// never be cleaned.
///
/// # Errors
/// As [`columns`].
pub fn digest<T: Serialize>(row: &T) -> Result<String, AppError> {
    columns(row).map(|json| sha256_hex(&json))
}

/// Appends an entry that hangs on nothing, such as one of the command line.
///
/// # Errors
/// Those of the database.
pub fn record(connection: &mut DbConnection, id: AuditEntryId, event: &AuditEvent<'_>) -> Result<(), AppError> {
    record_about(connection, id, event, &Mark::default())
}

/// Appends an entry, and queues it for the chain with what the feed of changes has to know.
///
/// # Errors
/// Those of the database.
pub fn record_about(
    connection: &mut DbConnection,
    id: AuditEntryId,
    event: &AuditEvent<'_>,
    mark: &Mark,
) -> Result<(), AppError> {
    let (subject_type, subject_id) = mark.subject.as_ref().map(|(kind, id)| (*kind, id.as_str())).unzip();
    let parts: [Part<'_>; 2] = [
        Box::new(insert_into(audit_entries::table).values((
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
        ))),
        Box::new(insert_into(audit_unsealed::table).values((
            audit_unsealed::entry_id.eq(id),
            audit_unsealed::subject_type.eq(subject_type),
            audit_unsealed::subject_id.eq(subject_id),
            audit_unsealed::version.eq(mark.version),
        ))),
    ];
    Ok(at_once(connection, &parts)?)
}
