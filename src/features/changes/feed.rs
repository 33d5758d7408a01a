//! A change as it is stored and told.

use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper, dsl::max};
use serde::Serialize;
use utoipa::ToSchema;

use super::audience::{Verdict, judge, pilot_of};
use crate::{
    features::pilots::{PilotId, Viewer},
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::changes},
        error::AppError,
        ids::{AuditEntryId, UserId},
    },
};

/// A change as it is stored; its position is that of its entry in the audit chain.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = changes)]
#[expect(missing_docs, reason = "the view says it")]
pub struct ChangeRow {
    pub position: i64,
    pub entry_id: AuditEntryId,
    pub record_type: String,
    pub record_id: String,
    pub subject_type: Option<String>,
    pub subject_id: Option<String>,
    pub action: String,
    pub version: Option<i64>,
    pub at: Timestamp,
    pub actor_id: Option<UserId>,
}

/// Something that happened. What the record is like now has to be read from the record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "position": 1042, "record_type": "pilot", "record_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e",
    "pilot_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "action": "transition_pilot.accept", "version": 7,
    "at": "2026-07-01T04:30:00.000Z", "actor_id": null
}))]
pub struct ChangeView {
    /// Its place in the one order of all changes.
    #[schema(minimum = 1)]
    pub position: i64,
    /// The kind of record.
    #[schema(max_length = 60)]
    pub record_type: String,
    /// Which one.
    #[schema(max_length = 200)]
    pub record_id: String,
    /// The pilot that it hangs on, or is; null for records that hang on none.
    pub pilot_id: Option<PilotId>,
    /// What was done: an operation of this API, with the command of a transition behind a point.
    #[schema(max_length = 100)]
    pub action: String,
    /// The version of the record afterwards; null where records have none.
    #[schema(minimum = 0)]
    pub version: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// By whom; null for those who are only told what happened, and for the command line.
    pub actor_id: Option<UserId>,
}

/// Changes after a position, at most so many. With `record_types` only theirs, and none beyond `until`.
///
/// # Errors
/// Those of the database.
pub fn load(
    connection: &mut DbConnection,
    (after, until): (i64, i64),
    record_types: &[String],
    most: i64,
) -> Result<Vec<ChangeRow>, AppError> {
    let mut chosen = changes::table
        .filter(changes::position.gt(after))
        .filter(changes::position.le(until))
        .order(changes::position)
        .limit(most)
        .select(ChangeRow::as_select())
        .into_boxed();
    if !record_types.is_empty() {
        chosen = chosen.filter(changes::record_type.eq_any(record_types.to_vec()));
    }
    Ok(chosen.load(connection)?)
}

/// The last position given; 0 before the first.
///
/// # Errors
/// Those of the database.
pub fn head_position(connection: &mut DbConnection) -> Result<i64, AppError> {
    let head: Option<i64> = changes::table.select(max(changes::position)).first(connection)?;
    Ok(head.unwrap_or(0))
}

/// What a reader is told of a change.
pub struct Told {
    /// The position that was looked at.
    pub position: i64,
    /// The change; `None` if the reader is not to know of it.
    pub change: Option<ChangeView>,
}

/// Tells a reader of these changes as far as they may see them now.
///
/// # Errors
/// Those of the database.
pub fn tell(connection: &mut DbConnection, viewer: &Viewer, rows: Vec<ChangeRow>) -> Result<Vec<Told>, AppError> {
    let verdicts = judge(connection, viewer, &rows)?;
    Ok(rows
        .into_iter()
        .zip(verdicts)
        .map(|(row, verdict)| Told {
            position: row.position,
            change: (verdict != Verdict::Silent).then(|| ChangeView {
                pilot_id: pilot_of(&row),
                position: row.position,
                record_type: row.record_type,
                record_id: row.record_id,
                action: row.action,
                version: row.version,
                at: row.at,
                actor_id: row.actor_id.filter(|_| verdict == Verdict::WhatAndWho),
            }),
        })
        .collect())
}
