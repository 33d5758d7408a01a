//! The measurement as it is stored.

use chrono::NaiveDate;
use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, update,
};
use serde::Serialize;

use super::{
    MeasurementId,
    status::{MeasurementKind, MeasurementStatus},
};
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::tcv_measurements},
        error::{AppError, ErrorCode},
        ids::{ServiceId, UserId},
        web::Tx,
    },
};

/// A measurement. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = tcv_measurements, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct MeasurementRow {
    /// Its identifier.
    pub id: MeasurementId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Of which service.
    pub service_id: ServiceId,
    /// Taken for what.
    pub kind: MeasurementKind,
    /// By which version of the method.
    pub method_version: String,
    /// How many citizens were asked.
    pub sample_size: i32,
    /// First day.
    pub period_start_on: NaiveDate,
    /// Last day.
    pub period_end_on: NaiveDate,
    /// Where.
    pub district_code: Option<String>,
    /// Hundredths of a minute.
    pub time_travel: Option<i64>,
    /// Hundredths of a minute.
    pub time_waiting: Option<i64>,
    /// Hundredths of a minute.
    pub time_processing: Option<i64>,
    /// Poisha.
    pub cost_travel: Option<i64>,
    /// Poisha.
    pub cost_fees: Option<i64>,
    /// Poisha.
    pub cost_assistance: Option<i64>,
    /// Poisha.
    pub cost_communication: Option<i64>,
    /// Poisha.
    pub cost_other: Option<i64>,
    /// Hundredths of a visit.
    pub visits_apply: Option<i64>,
    /// Hundredths of a visit.
    pub visits_follow_up: Option<i64>,
    /// Hundredths of a visit.
    pub visits_collect: Option<i64>,
    /// Where it stands.
    pub status: MeasurementStatus,
    /// Who wrote it.
    pub created_by: UserId,
    /// Last handed in.
    pub submitted_at: Option<Timestamp>,
    /// Who confirmed it.
    pub verified_by: Option<UserId>,
    /// When.
    pub verified_at: Option<Timestamp>,
    /// Why it was last sent back.
    pub return_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl MeasurementRow {
    /// T in hundredths of a minute; `None` as soon as one part was not measured.
    pub fn time_total(&self) -> Option<i64> {
        total(&[self.time_travel, self.time_waiting, self.time_processing])
    }

    /// C in poisha; `None` as soon as one part was not measured.
    pub fn cost_total(&self) -> Option<i64> {
        total(&[self.cost_travel, self.cost_fees, self.cost_assistance, self.cost_communication, self.cost_other])
    }

    /// V in hundredths of a visit; `None` as soon as one part was not measured.
    pub fn visits_total(&self) -> Option<i64> {
        total(&[self.visits_apply, self.visits_follow_up, self.visits_collect])
    }
}

/// A sum of parts of which none may be missing. Parts are bounded far below what could overflow.
fn total(parts: &[Option<i64>]) -> Option<i64> {
    parts.iter().try_fold(0_i64, |sum, part| sum.checked_add((*part)?))
}

/// What a pilot measured of a service and an officer confirmed, superseded ones left out, in the order of creation.
///
/// # Errors
/// Those of the database.
pub fn in_force(
    connection: &mut DbConnection,
    pilot: PilotId,
    service: ServiceId,
) -> Result<Vec<MeasurementRow>, AppError> {
    Ok(tcv_measurements::table
        .filter(tcv_measurements::pilot_id.eq(pilot))
        .filter(tcv_measurements::service_id.eq(service))
        .filter(tcv_measurements::status.eq_any(MeasurementStatus::IN_FORCE))
        .order(tcv_measurements::id)
        .select(MeasurementRow::as_select())
        .load(connection)?)
}

/// Stores a changed measurement under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &MeasurementRow,
    after: MeasurementRow,
) -> Result<MeasurementRow, AppError> {
    let after = MeasurementRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(tcv_measurements::table.find(before.id).filter(tcv_measurements::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "tcv_measurement", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn a_part_that_was_not_measured_is_not_nothing() {
        assert_eq!(total(&[Some(1), Some(0), Some(2)]), Some(3));
        assert_eq!(total(&[Some(1), None, Some(2)]), None);
        assert_eq!(total(&[None, None, None]), None);
        assert_eq!(total(&[Some(i64::MAX), Some(1)]), None);
    }
}
