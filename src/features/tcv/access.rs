//! Who sees a measurement, and what the caller is to it.
//!
//! Whoever may see the pilot and is logged in sees what an officer has confirmed; before that it is for the team and
//! for staff. What one may not see is not there (404).

use std::collections::HashSet;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{MeasurementId, rows::MeasurementRow, status::MeasurementStatus};
use crate::{
    features::pilots::{PilotRow, Seen, see},
    platform::{
        auth::{Actor, Standing},
        db::{DbConnection, schema::tcv_measurements},
        error::{AppError, DatabaseIntent},
    },
};

/// A measurement that the caller may see, and what they are to it.
#[derive(Clone, Debug)]
pub struct SeenMeasurement {
    /// The measurement.
    pub row: MeasurementRow,
    /// Its pilot.
    pub pilot: PilotRow,
    /// What the caller is to the pilot.
    pub standing: Standing,
    /// Whether the caller wrote it.
    pub is_author: bool,
}

impl SeenMeasurement {
    /// A measurement of a pilot that the caller sees.
    pub fn new(row: MeasurementRow, pilot: Seen, actor: Option<&Actor>) -> Self {
        let is_author = actor.is_some_and(|actor| actor.user_id == row.created_by);
        Self { row, pilot: pilot.row, standing: pilot.standing, is_author }
    }
}

/// The measurement, if the caller may see it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn see_measurement(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: MeasurementId,
) -> Result<SeenMeasurement, AppError> {
    let row: MeasurementRow =
        tcv_measurements::table.find(id).select(MeasurementRow::as_select()).first(connection).or_not_found()?;
    let pilot = see(connection, actor, row.pilot_id)?;
    if is_visible(row.status, &pilot.standing) {
        Ok(SeenMeasurement::new(row, pilot, actor))
    } else {
        Err(AppError::not_found())
    }
}

/// The rule, pure, for someone who may see the pilot.
pub fn is_visible(status: MeasurementStatus, standing: &Standing) -> bool {
    is_insider(standing) || standing.logged_in && status.is_confirmed()
}

/// Of measurements with these ids, those that an officer has confirmed.
///
/// # Errors
/// Those of the database.
pub fn confirmed(connection: &mut DbConnection, ids: &[String]) -> Result<HashSet<String>, AppError> {
    let statuses: Vec<MeasurementStatus> =
        MeasurementStatus::ALL.iter().copied().filter(|status| status.is_confirmed()).collect();
    let found: Vec<String> = tcv_measurements::table
        .filter(tcv_measurements::id.eq_any(ids))
        .filter(tcv_measurements::status.eq_any(statuses))
        .select(tcv_measurements::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Whether the caller sees what is not confirmed yet.
pub fn is_insider(standing: &Standing) -> bool {
    standing.team || standing.roles.is_staff()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::auth::Role;

    #[test]
    fn outsiders_see_what_is_confirmed_and_strangers_nothing() {
        let outsider = Standing { logged_in: true, ..Standing::default() };
        let member = Standing { team: true, ..outsider };
        let staff = Standing { roles: [Role::Auditor].into_iter().collect(), ..outsider };
        for &status in MeasurementStatus::ALL {
            assert_eq!(is_visible(status, &outsider), status.is_confirmed(), "{status:?}");
            assert!(is_visible(status, &member) && is_visible(status, &staff));
            assert!(!is_visible(status, &Standing::default()));
        }
    }
}
