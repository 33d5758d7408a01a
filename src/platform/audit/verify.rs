//! Walks the chain from its first link and names the first thing that is wrong.

use std::fmt;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    dsl::{count_star, exists, max, not},
};

use super::{
    AuditEntryRow,
    chain::{BEGINNING, Checkpoint, link},
};
use crate::platform::{
    db::{
        DbConnection,
        schema::{audit_chain, audit_entries, audit_unsealed, changes},
    },
    error::AppError,
    ids::AuditEntryId,
};

/// How many links are in memory at a time.
const AT_ONCE: i64 = 1000;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The chain goes on at another place than the next one.
    LinkMissing {
        /// The place that is not there.
        seq: i64,
    },
    /// A link does not follow the one before it.
    LinkBroken {
        /// Its place.
        seq: i64,
    },
    /// The entry of a link is gone.
    EntryMissing {
        /// Its place.
        seq: i64,
        /// The entry.
        entry: AuditEntryId,
    },
    /// An entry is not what was sealed: a column was changed, or two entries changed places.
    EntryChanged {
        /// Its place.
        seq: i64,
        /// The entry.
        entry: AuditEntryId,
    },
    /// An entry has no place in the chain and does not wait for one.
    EntryInserted {
        /// The entry.
        entry: AuditEntryId,
    },
    /// An entry that waited for its place is gone.
    WaitingEntryMissing {
        /// The entry.
        entry: AuditEntryId,
    },
    /// The chain was longer once.
    Shortened {
        /// Its last place now.
        last: i64,
        /// A place that is known to have been given.
        known: i64,
    },
    /// The chain is sound in itself, but another one than when the checkpoint was taken.
    AnotherChain {
        /// The place of the checkpoint.
        seq: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LinkMissing { seq } => write!(f, "link {seq} is missing from the chain"),
            Self::LinkBroken { seq } => write!(f, "link {seq} does not follow link {}", seq - 1),
            Self::EntryMissing { seq, entry } => write!(f, "entry {entry} at {seq} is missing"),
            Self::EntryChanged { seq, entry } => write!(f, "entry {entry} at {seq} is not what was sealed"),
            Self::EntryInserted { entry } => write!(f, "entry {entry} was put in beside the chain"),
            Self::WaitingEntryMissing { entry } => write!(f, "entry {entry}, which waited to be sealed, is missing"),
            Self::Shortened { last, known } => write!(f, "the chain ends at {last}, but place {known} had been given"),
            Self::AnotherChain { seq } => write!(f, "link {seq} is not the one of the checkpoint"),
        }
    }
}

/// What a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Links that are sound, from the first on.
    pub sound: i64,
    /// The last sound link.
    pub head: Option<Checkpoint>,
    /// Entries that wait for their link.
    pub waiting: i64,
    /// The first thing that is wrong; `None` when nothing is.
    pub fault: Option<Fault>,
}

/// Place, entry, hash before, hash, and the entry itself if it is there.
type Link = (i64, AuditEntryId, String, String, Option<AuditEntryRow>);

/// Walks the whole chain, a thousand links at a time, then looks for what is beside it. `checkpoints` were taken earlier
/// and kept outside the database.
///
/// # Errors
/// Those of the database.
pub fn verify(connection: &mut DbConnection, checkpoints: &[Checkpoint]) -> Result<Report, AppError> {
    // Asked first: the sealer may go on meanwhile.
    let given: Option<i64> = changes::table.select(max(changes::position)).first(connection)?;
    let (mut head, mut fault) = (Checkpoint { seq: 0, hash: BEGINNING.to_owned() }, None);
    while fault.is_none() {
        let links = page(connection, head.seq)?;
        if links.is_empty() {
            break;
        }
        for one in links {
            match follow(&head, one, checkpoints)? {
                Ok(next) => head = next,
                Err(found) => {
                    fault = Some(found);
                    break;
                }
            }
        }
    }
    if fault.is_none() {
        let known = checkpoints.iter().map(|checkpoint| checkpoint.seq).chain(given).max().unwrap_or(0);
        if known > head.seq {
            fault = Some(Fault::Shortened { last: head.seq, known });
        }
    }
    if fault.is_none() {
        fault = beside(connection)?;
    }
    let waiting = audit_unsealed::table.select(count_star()).first(connection)?;
    Ok(Report { sound: head.seq, head: Some(head).filter(|head| head.seq > 0), waiting, fault })
}

fn page(connection: &mut DbConnection, after: i64) -> Result<Vec<Link>, AppError> {
    Ok(audit_chain::table
        .left_join(audit_entries::table.on(audit_entries::id.eq(audit_chain::entry_id)))
        .filter(audit_chain::seq.gt(after))
        .order(audit_chain::seq)
        .limit(AT_ONCE)
        .select((
            audit_chain::seq,
            audit_chain::entry_id,
            audit_chain::previous_hash,
            audit_chain::hash,
            Option::<AuditEntryRow>::as_select(),
        ))
        .load(connection)?)
}

/// One step along the chain.
fn follow(
    head: &Checkpoint,
    (seq, id, previous, hash, entry): Link,
    checkpoints: &[Checkpoint],
) -> Result<Result<Checkpoint, Fault>, AppError> {
    if seq != head.seq + 1 {
        return Ok(Err(Fault::LinkMissing { seq: head.seq + 1 }));
    }
    if previous != head.hash {
        return Ok(Err(Fault::LinkBroken { seq }));
    }
    let Some(entry) = entry else { return Ok(Err(Fault::EntryMissing { seq, entry: id })) };
    if link(seq, &previous, &entry)? != hash {
        return Ok(Err(Fault::EntryChanged { seq, entry: id }));
    }
    if checkpoints.iter().any(|checkpoint| checkpoint.seq == seq && checkpoint.hash != hash) {
        return Ok(Err(Fault::AnotherChain { seq }));
    }
    Ok(Ok(Checkpoint { seq, hash }))
}

/// What stands beside the chain. Each question is one statement, so the sealer cannot move an entry in between.
fn beside(connection: &mut DbConnection) -> Result<Option<Fault>, AppError> {
    let linked = audit_chain::table.filter(audit_chain::entry_id.eq(audit_entries::id));
    let waiting = audit_unsealed::table.filter(audit_unsealed::entry_id.eq(audit_entries::id));
    let inserted: Option<AuditEntryId> = audit_entries::table
        .filter(not(exists(linked)).and(not(exists(waiting))))
        .order((audit_entries::at, audit_entries::id))
        .select(audit_entries::id)
        .first(connection)
        .optional()?;
    if let Some(entry) = inserted {
        return Ok(Some(Fault::EntryInserted { entry }));
    }
    let present = audit_entries::table.filter(audit_entries::id.eq(audit_unsealed::entry_id));
    let gone: Option<AuditEntryId> = audit_unsealed::table
        .filter(not(exists(present)))
        .order(audit_unsealed::position)
        .select(audit_unsealed::entry_id)
        .first(connection)
        .optional()?;
    Ok(gone.map(|entry| Fault::WaitingEntryMissing { entry }))
}
