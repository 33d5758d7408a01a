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

use diesel::sql_types::{BigInt, Nullable, Text, Timestamp as SqlTimestamp};
use serde::Serialize;

use super::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        DbConnection,
        at_once::{Part, at_once},
        statement::Rows,
    },
    error::AppError,
    ids::{AuditEntryId, ServiceAccountId, UserId},
};

/// Who did what, when, from where, to which record.
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the command line and for strangers.
    pub actor_id: Option<UserId>,
    /// By which program in their name; `None`: by themselves.
    pub service_account_id: Option<ServiceAccountId>,
    /// What: an operation of the API, or a command of the command line.
    pub operation: String,
    /// The kind of record.
    pub record_type: &'static str,
    /// Which one.
    pub record_id: String,
    /// The request's id.
    pub request_id: String,
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

/// An entry that is to be written, and what the feed of changes has to know of it.
pub struct Entry {
    /// Its identifier.
    pub id: AuditEntryId,
    /// What happened.
    pub event: AuditEvent,
    /// What it hangs on.
    pub mark: Mark,
}

/// Appends an entry that hangs on nothing, such as one of the command line.
///
/// # Errors
/// Those of the database.
pub fn record(connection: &mut DbConnection, id: AuditEntryId, event: AuditEvent) -> Result<(), AppError> {
    append(connection, Entry { id, event, mark: Mark::default() })
}

/// Appends an entry.
///
/// # Errors
/// Those of the database.
pub fn append(connection: &mut DbConnection, entry: Entry) -> Result<(), AppError> {
    Ok(at_once(connection, &appending([entry]))?)
}

/// Two inserts: the entries, and their places in the queue for the chain, in this order.
pub fn appending(entries: impl IntoIterator<Item = Entry>) -> [Part<'static>; 2] {
    let mut kept = Rows::of(
        "audit_entries (id, at, actor_id, service_account_id, operation, record_type, record_id, request_id, address, \
         before_sha256, after_sha256)",
    );
    let mut queued = Rows::of("audit_unsealed (entry_id, subject_type, subject_id, version)");
    for Entry { id, event, mark } in entries {
        let (subject_type, subject_id) = mark.subject.unzip();
        kept.begin_row();
        kept.value::<Text, _>(id);
        kept.value::<SqlTimestamp, _>(event.at);
        kept.value::<Nullable<Text>, _>(event.actor_id);
        kept.value::<Nullable<Text>, _>(event.service_account_id);
        kept.value::<Text, _>(event.operation);
        kept.value::<Text, _>(event.record_type);
        kept.value::<Text, _>(event.record_id);
        kept.value::<Text, _>(event.request_id);
        kept.value::<Nullable<Text>, _>(event.address);
        kept.value::<Nullable<Text>, _>(event.before_sha256);
        kept.value::<Nullable<Text>, _>(event.after_sha256);
        queued.begin_row();
        queued.value::<Text, _>(id);
        queued.value::<Nullable<Text>, _>(subject_type);
        queued.value::<Nullable<Text>, _>(subject_id);
        queued.value::<Nullable<BigInt>, _>(mark.version);
    }
    [Box::new(kept.insert()), Box::new(queued.insert())]
}
