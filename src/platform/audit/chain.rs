//! The chain: what a link is the hash of.

use std::{fmt, str::FromStr};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

use super::AuditEntryRow;
use crate::platform::{
    crypto::sha256_hex,
    db::{DbConnection, schema::audit_chain},
    error::AppError,
};

/// What the first link follows.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 over a JSON array: the name of the form, the place, the hash before, then every column of the entry in the
/// order of the table, absent ones as null. An array of JSON texts has one reading only, so no two entries look alike.
pub(super) fn link(seq: i64, previous: &str, entry: &AuditEntryRow) -> Result<String, AppError> {
    let form = (
        "innovation-pilots/audit/1",
        seq,
        previous,
        entry.id,
        entry.at,
        entry.actor_id,
        &entry.operation,
        &entry.record_type,
        &entry.record_id,
        &entry.request_id,
        &entry.address,
        &entry.before_sha256,
        &entry.after_sha256,
        entry.service_account_id,
    );
    serde_json::to_vec(&form).map(|json| sha256_hex(&json)).map_err(AppError::internal)
}

/// A place in the chain and its hash: whoever keeps one outside the database can tell later that nothing up to there was
/// altered, not even by someone who computed the whole chain anew. Written `seq:hash`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The place.
    pub seq: i64,
    /// SHA-256 in lower-case hexadecimal.
    pub hash: String,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Checkpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (seq, hash) = text.split_once(':').ok_or("a checkpoint is written seq:hash")?;
        let seq = seq.parse().map_err(|_| "the place of a checkpoint is a number")?;
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err("the hash of a checkpoint has 64 hexadecimal digits".into());
        }
        Ok(Self { seq, hash: hash.to_ascii_lowercase() })
    }
}

/// The last link; `None` when nothing was sealed yet.
///
/// # Errors
/// Those of the database.
pub fn head(connection: &mut DbConnection) -> Result<Option<Checkpoint>, AppError> {
    let row: Option<(i64, String)> = audit_chain::table
        .order(audit_chain::seq.desc())
        .select((audit_chain::seq, audit_chain::hash))
        .first(connection)
        .optional()?;
    Ok(row.map(|(seq, hash)| Checkpoint { seq, hash }))
}
