//! The sealer: gives each committed entry its place, its link and its line in the feed of changes. What commits late
//! gets a late place, so whoever follows the places in order misses nothing.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper, delete};

use super::{
    AuditEntryRow,
    chain::{BEGINNING, head, link},
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection, dialect,
        schema::{audit_entries, audit_unsealed},
    },
    error::AppError,
    leases,
    web::AppState,
};

/// How many entries a transaction of the sealer takes.
const AT_ONCE: i64 = 500;

const LEASE: &str = "audit:seal";

/// The entry, what it hangs on, its version.
type Waiting = (i64, Option<String>, Option<String>, Option<i64>, AuditEntryRow);

/// Seals everything that waits, unless another instance does; gives the number of entries.
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
        if batch == 0 {
            return Ok(sealed);
        }
        sealed += batch;
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
    let waiting: Vec<Waiting> = audit_unsealed::table
        .inner_join(audit_entries::table.on(audit_entries::id.eq(audit_unsealed::entry_id)))
        .order(audit_unsealed::position)
        .limit(AT_ONCE)
        .select((
            audit_unsealed::position,
            audit_unsealed::subject_type,
            audit_unsealed::subject_id,
            audit_unsealed::version,
            AuditEntryRow::as_select(),
        ))
        .load(connection)?;
    let (mut seq, mut previous) =
        head(connection)?.map_or_else(|| (0, BEGINNING.to_owned()), |head| (head.seq, head.hash));
    let mut links = Vec::with_capacity(waiting.len());
    let mut changes = Vec::with_capacity(waiting.len());
    for (_, subject_type, subject_id, version, entry) in &waiting {
        seq += 1;
        let hash = link(seq, &previous, entry)?;
        links.push((seq, entry.id, std::mem::replace(&mut previous, hash.clone()), hash));
        changes.push((seq, entry.id, subject_type, subject_id, version));
    }
    dialect::insert_links(connection, &links, now)?;
    dialect::insert_changes(connection, &changes)?;
    let sealed: Vec<i64> = waiting.iter().map(|(position, ..)| *position).collect();
    // A range would be wrong: an entry of an earlier position may have committed meanwhile.
    delete(audit_unsealed::table.filter(audit_unsealed::position.eq_any(sealed))).execute(connection)?;
    Ok(waiting.len())
}
