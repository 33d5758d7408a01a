//! What a pilot measured before and after, for figures above the pilot.

use chrono::NaiveDate;

use super::{
    pair::pair,
    rows::{MeasurementRow, in_force},
    status::MeasurementStatus,
};
use crate::{
    features::pilots::PilotId,
    platform::{clock::Timestamp, db::DbConnection, error::AppError, ids::ServiceId},
};

/// A baseline and an endline by one version of the method: both sides of T, C and V.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The version of the method.
    pub method_version: String,
    /// The last day of the endline.
    pub measured_until: NaiveDate,
    /// When both were verified.
    pub verified_at: Option<Timestamp>,
    /// Hundredths of a minute, before and after.
    pub time: (Option<i64>, Option<i64>),
    /// Poisha, before and after.
    pub cost: (Option<i64>, Option<i64>),
    /// Hundredths of a visit, before and after.
    pub visits: (Option<i64>, Option<i64>),
}

/// The pair that `get_tcv_comparison` would compare, of the published measurements or of the verified ones too.
///
/// # Errors
/// Those of the database.
pub fn outcome(
    connection: &mut DbConnection,
    pilot: PilotId,
    service: ServiceId,
    published_only: bool,
) -> Result<Option<Outcome>, AppError> {
    let mut rows = in_force(connection, pilot, service)?;
    rows.retain(|row| !published_only || row.status == MeasurementStatus::Published);
    let (Some(baseline), Some(endline)) = pair(&rows) else { return Ok(None) };
    let both = |figure: fn(&MeasurementRow) -> Option<i64>| (figure(baseline), figure(endline));
    Ok(Some(Outcome {
        method_version: endline.method_version.clone(),
        measured_until: endline.period_end_on,
        verified_at: baseline.verified_at.max(endline.verified_at),
        time: both(MeasurementRow::time_total),
        cost: both(MeasurementRow::cost_total),
        visits: both(MeasurementRow::visits_total),
    }))
}
