//! Plan versions: a stub of what the gates need, until the slice itself arrives.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

use super::pilots::{PilotId, PilotRow};
use crate::platform::{
    db::{DbConnection, schema::plans},
    error::AppError,
    ids::id_types,
    web::Tx,
};

id_types! {
    /// A plan version.
    PlanId;
}

/// A plan version.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub struct PlanRow {
    /// Its identifier.
    pub id: PlanId,
}

/// The current plan of a pilot.
///
/// # Errors
/// Those of the database.
pub fn current_plan(conn: &mut DbConnection, pilot: PilotId) -> Result<Option<PlanRow>, AppError> {
    let rows = plans::table.filter(plans::pilot_id.eq(pilot.as_str())).order(plans::number.desc());
    Ok(rows.select(PlanRow::as_select()).first(conn).optional()?)
}

/// Locks the current plan of a pilot.
///
/// # Errors
/// `NotFound` when there is none; those of the database.
pub fn lock_current(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<PlanRow, AppError> {
    current_plan(tx.conn, pilot.id)?.ok_or_else(AppError::not_found)
}
