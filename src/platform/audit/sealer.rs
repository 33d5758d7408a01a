//! The sealer: gives each committed entry its place, its link and its line in the feed of changes. What commits late
//! gets a late place, so whoever follows the places in order misses nothing.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, delete,
    sql_types::{BigInt, Nullable, Text, Timestamp as SqlTimestamp},
};

use super::{
    AuditEntryRow,
    chain::{BEGINNING, head, link},
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection, dialect,
        schema::{audit_entries, audit_unsealed},
        statement::Rows,
    },
    error::AppError,
    ids::AuditEntryId,
    leases,
    web::AppState,
};

/// How many entries a transaction of the sealer takes.
const AT_ONCE: usize = 500;

/// How many lines of the feed are written with one statement.
const LINES_AT_ONCE: usize = 16;

const CHANGES: &str =
    "changes (position, entry_id, record_type, record_id, subject_type, subject_id, action, version, at, actor_id)";

const LEASE: &str = "audit:seal";

/// A place in the queue, the entry, what it hangs on, its version.
type Queued = (i64, AuditEntryId, Option<String>, Option<String>, Option<i64>);

/// Seals everything that waits, unless another instance does; gives the number of entries. What is written meanwhile is left
/// for the next time: small transactions one after the other took a twentieth of the machine from those who write.
///
/// # Errors
/// Those of the database.
pub async fn seal_due(state: &AppState) -> Result<usize, AppError> {
    let mut sealed = 0;
    loop {
        if !state.db.read(has_unsealed).await? {
            return Ok(sealed);
        }
        let (holder, now) = (state.instance.clone(), state.clock.now());
        let batch = state.db.tend(move |connection| seal(connection, &holder, now)).await?;
        sealed += batch;
        if batch < AT_ONCE {
            return Ok(sealed);
        }
    }
}

fn has_unsealed(connection: &mut DbConnection) -> Result<bool, AppError> {
    let one: Vec<i64> = audit_unsealed::table.select(audit_unsealed::position).limit(1).load(connection)?;
    Ok(!one.is_empty())
}

/// One batch, in one transaction. Taking the lease locks its row until the end, so on neither engine can two sealers
/// read the same head; and were that to fail, the primary key would refuse the second.
///
/// # Errors
/// Those of the database.
pub fn seal(connection: &mut DbConnection, holder: &str, now: Timestamp) -> Result<usize, AppError> {
    if !leases::hold(connection, LEASE, holder, now)? {
        return Ok(0);
    }
    // Not joined: PostgreSQL takes the queue for as empty or as full as it was when somebody last looked, and would by
    // such a plan read all entries for each that waits.
    let queued: Vec<Queued> = audit_unsealed::table
        .order(audit_unsealed::position)
        .limit(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
        .select((
            audit_unsealed::position,
            audit_unsealed::entry_id,
            audit_unsealed::subject_type,
            audit_unsealed::subject_id,
            audit_unsealed::version,
        ))
        .load(connection)?;
    let ids: Vec<AuditEntryId> = queued.iter().map(|(_, id, ..)| *id).collect();
    let entries: Vec<AuditEntryRow> = audit_entries::table
        .filter(audit_entries::id.eq_any(ids))
        .select(AuditEntryRow::as_select())
        .load(connection)?;
    let entries: HashMap<AuditEntryId, AuditEntryRow> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
    let entry =
        |id| entries.get(id).ok_or_else(|| AppError::internal(format!("the entry {id} waits and is not there")));
    let (mut seq, mut previous) =
        head(connection)?.map_or_else(|| (0, BEGINNING.to_owned()), |head| (head.seq, head.hash));
    let mut links = Vec::with_capacity(queued.len());
    for (_, id, ..) in &queued {
        let entry = entry(id)?;
        seq += 1;
        let hash = link(seq, &previous, entry)?;
        links.push((seq, entry.id, std::mem::replace(&mut previous, hash.clone()), hash));
    }
    dialect::insert_links(connection, &links, now)?;
    for (queued, links) in queued.chunks(LINES_AT_ONCE).zip(links.chunks(LINES_AT_ONCE)) {
        let mut rows = Rows::of(CHANGES);
        for ((_, id, subject_type, subject_id, version), (position, ..)) in queued.iter().zip(links) {
            let entry = entry(id)?;
            rows.begin_row();
            rows.value::<BigInt, _>(*position);
            rows.value::<Text, _>(*id);
            rows.value::<Text, _>(entry.record_type.clone());
            rows.value::<Text, _>(entry.record_id.clone());
            rows.value::<Nullable<Text>, _>(subject_type.clone());
            rows.value::<Nullable<Text>, _>(subject_id.clone());
            rows.value::<Text, _>(entry.operation.clone());
            rows.value::<Nullable<BigInt>, _>(*version);
            rows.value::<SqlTimestamp, _>(entry.at);
            rows.value::<Nullable<Text>, _>(entry.actor_id);
        }
        rows.insert().execute(connection)?;
    }
    let sealed: Vec<i64> = queued.iter().map(|(position, ..)| *position).collect();
    // A range would be wrong: an entry of an earlier position may have committed meanwhile.
    delete(audit_unsealed::table.filter(audit_unsealed::position.eq_any(sealed))).execute(connection)?;
    Ok(queued.len())
}
