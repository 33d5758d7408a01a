//! Where a merged pilot goes on.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{PilotId, access, rows::PilotRow, status::PilotStatus};
use crate::platform::{
    auth::Actor,
    db::{
        DbConnection,
        schema::{pilot_members, pilots},
    },
    error::AppError,
};

/// Merges in a row that are followed. Each pilot is merged once, into one that is alive, so a chain has no loop.
const LONGEST_CHAIN: usize = 20;

/// At most so many merged pilots are shown with the one that they go on in.
const MOST_MERGED: i64 = 100;

/// The pilot at the end of a chain of merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Which one.
    pub id: PilotId,
    /// Whether it was rejected, withdrawn or discontinued since.
    pub has_ended: bool,
}

/// Where a merged pilot goes on, followed through further merges; `None` for a reader who may not see that pilot.
///
/// # Errors
/// Those of the database.
pub fn survivor_as_seen(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    row: &PilotRow,
) -> Result<Option<Survivor>, AppError> {
    let mut next = row.merged_into_id;
    for _ in 0..LONGEST_CHAIN {
        let Some(id) = next else { return Ok(None) };
        let found: Option<PilotRow> =
            pilots::table.find(id).select(PilotRow::as_select()).first(connection).optional()?;
        let Some(survivor) = found else { return Ok(None) };
        if survivor.status == PilotStatus::Merged {
            next = survivor.merged_into_id;
            continue;
        }
        let standing = access::standing(connection, actor, &survivor)?;
        let seen = Survivor { id, has_ended: survivor.ended_at.is_some() };
        return Ok(access::is_visible(&survivor, &standing).then_some(seen));
    }
    Ok(None)
}

/// The pilots that were merged into this one and that the reader may see, with their references: all for staff, those
/// of their own teams for others, since what was merged was never accepted.
///
/// # Errors
/// Those of the database.
pub fn merged_into(
    connection: &mut DbConnection,
    actor: &Actor,
    id: PilotId,
) -> Result<Vec<(PilotId, Option<String>)>, AppError> {
    let merged: Vec<(PilotId, Option<String>)> = pilots::table
        .filter(pilots::merged_into_id.eq(id))
        .order(pilots::id)
        .limit(MOST_MERGED)
        .select((pilots::id, pilots::reference))
        .load(connection)?;
    if merged.is_empty() || actor.roles.is_staff() {
        return Ok(merged);
    }
    let ids: Vec<PilotId> = merged.iter().map(|(id, _)| *id).collect();
    let own: Vec<PilotId> = pilot_members::table
        .filter(pilot_members::user_id.eq(actor.user_id))
        .filter(pilot_members::pilot_id.eq_any(ids))
        .filter(pilot_members::left_at.is_null())
        .select(pilot_members::pilot_id)
        .load(connection)?;
    Ok(merged.into_iter().filter(|(id, _)| own.contains(id)).collect())
}
