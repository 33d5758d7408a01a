//! Fills the sums from pilots and measurements that were there before the sums were.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use super::effects::follow_pilot;
use crate::{
    features::{
        pilots::{PilotId, PilotRow},
        tcv,
    },
    platform::{
        db::{
            DbConnection,
            schema::{pilot_effects, pilots, tcv_measurements},
        },
        error::AppError,
    },
};

/// Does nothing once there is an effect. The day from which a pilot counts is the last of: gate 1, the later
/// verification; what was superseded before is not known any more.
///
/// # Errors
/// Those of the database.
pub fn rebuild_if_empty(connection: &mut DbConnection) -> Result<(), AppError> {
    let any: Option<PilotId> = pilot_effects::table.select(pilot_effects::pilot_id).first(connection).optional()?;
    if any.is_some() {
        return Ok(());
    }
    let measured: Vec<PilotId> = tcv_measurements::table
        .filter(tcv_measurements::status.eq_any(["verified", "published"]))
        .filter(tcv_measurements::kind.eq("endline"))
        .select(tcv_measurements::pilot_id)
        .distinct()
        .order(tcv_measurements::pilot_id)
        .load(connection)?;
    for id in measured {
        let pilot: PilotRow = pilots::table.find(id).select(PilotRow::as_select()).first(connection)?;
        let (Some(service), Some(began)) = (pilot.service_id, pilot.execution_at) else { continue };
        if let Some(found) = tcv::outcome(connection, id, service, false)? {
            let since = found.verified_at.map_or(began, |at| at.max(began));
            follow_pilot(connection, &pilot, since.day_in_dhaka())?;
        }
    }
    Ok(())
}
