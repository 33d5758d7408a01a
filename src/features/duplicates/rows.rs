//! A possible duplicate as it is stored.

use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, insert_into, update,
};
use serde::Serialize;

use super::status::{DuplicateProposal, DuplicateStatus};
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, json_list::JsonList, schema::pilot_duplicates},
        error::{AppError, ErrorCode},
        ids::{UserId, id_types},
        web::Tx,
    },
};

id_types! {
    /// Two pilots that may be one.
    DuplicateId;
}

/// Two pilots that may be one. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = pilot_duplicates, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct DuplicateRow {
    /// Its identifier.
    pub id: DuplicateId,
    /// The pilot that was handed in later.
    pub pilot_id: PilotId,
    /// The one that it resembles.
    pub other_id: PilotId,
    /// How much, from 0 to 100.
    pub score: i32,
    /// Words that both have, as `pilot_id` writes them.
    pub shared_words: JsonList<String>,
    /// Where it stands.
    pub status: DuplicateStatus,
    /// What the team thinks.
    pub proposal: Option<DuplicateProposal>,
    /// Why.
    pub proposal_reason: Option<String>,
    /// Who says so.
    pub proposed_by: Option<UserId>,
    /// When.
    pub proposed_at: Option<Timestamp>,
    /// Who decided last.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was first found.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What was found to resemble a pilot, ever.
///
/// # Errors
/// Those of the database.
pub fn of_pilot(connection: &mut DbConnection, pilot: PilotId) -> Result<Vec<DuplicateRow>, AppError> {
    Ok(pilot_duplicates::table
        .filter(pilot_duplicates::pilot_id.eq(pilot))
        .order(pilot_duplicates::id)
        .select(DuplicateRow::as_select())
        .load(connection)?)
}

/// The pairs of two pilots that an officer dismissed, whichever of the two was handed in later.
///
/// # Errors
/// Those of the database.
pub fn dismissed_between(
    connection: &mut DbConnection,
    one: PilotId,
    other: PilotId,
) -> Result<Vec<DuplicateId>, AppError> {
    let found = |pilot: PilotId, of: PilotId| {
        pilot_duplicates::table
            .filter(pilot_duplicates::pilot_id.eq(pilot))
            .filter(pilot_duplicates::other_id.eq(of))
            .filter(pilot_duplicates::status.eq(DuplicateStatus::Dismissed))
            .select(pilot_duplicates::id)
    };
    let mut pairs: Vec<DuplicateId> = found(one, other).load(connection)?;
    pairs.extend(found(other, one).load::<DuplicateId>(connection)?);
    Ok(pairs)
}

/// Stores a new pair and audits it.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx<'_>, action: &str, row: &DuplicateRow) -> Result<(), AppError> {
    insert_into(pilot_duplicates::table).values(row).execute(tx.conn)?;
    tx.audit_as(action, "duplicate", row.id.as_str(), None, Some(row))
}

/// Stores a changed pair under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &DuplicateRow,
    after: DuplicateRow,
) -> Result<DuplicateRow, AppError> {
    let after = DuplicateRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(pilot_duplicates::table.find(before.id).filter(pilot_duplicates::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "duplicate", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
