//! What one pilot changed, kept as an interval of days for each audience, and carried into the sums of its service.
//!
//! [`follow_pilot`] runs in the transaction of whatever may change an effect: a measurement verified or published, a
//! gate passed, a pilot published or hidden, a share set.

use chrono::NaiveDate;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    delete, insert_into, update,
};

use super::{
    basis::Basis,
    sums,
    totals::{Change, Totals},
};
use crate::{
    features::{
        pilots::{Follower, PilotId, PilotRow},
        tcv,
    },
    platform::{
        db::{
            DbConnection,
            schema::{attribution_shares, attributions, pilot_effects},
        },
        error::AppError,
        fiscal_year::FiscalYear,
        ids::ServiceId,
        web::Tx,
    },
};

/// An effect as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = pilot_effects, treat_none_as_default_value = false)]
pub struct EffectRow {
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// As who sees it.
    pub audience: Basis,
    /// The first day on which it counts.
    pub from_day: NaiveDate,
    /// The first day on which it no longer does.
    pub until_day: Option<NaiveDate>,
    /// On which service.
    pub service_id: ServiceId,
    /// By which version of the method.
    pub method_version: String,
    /// The fiscal year from which it saves; 0 while the pilot is not completed.
    pub saves_from: i32,
    /// Its share of the service, if one was set.
    pub basis_points: Option<i32>,
    /// Hundredths of a minute.
    pub time_base: Option<i64>,
    /// Hundredths of a minute.
    pub time_end: Option<i64>,
    /// Poisha.
    pub cost_base: Option<i64>,
    /// Poisha.
    pub cost_end: Option<i64>,
    /// Hundredths of a visit.
    pub visits_base: Option<i64>,
    /// Hundredths of a visit.
    pub visits_end: Option<i64>,
}

impl EffectRow {
    /// As sums of one pilot.
    pub fn totals(&self) -> Totals {
        Totals::of_one(
            self.basis_points,
            [(self.time_base, self.time_end), (self.cost_base, self.cost_end), (self.visits_base, self.visits_end)],
        )
    }

    /// Whether both say the same, whenever that began.
    fn says_the_same_as(&self, other: &Self) -> bool {
        *self == Self { from_day: self.from_day, until_day: self.until_day, ..other.clone() }
    }
}

/// Carries the effect of a pilot along when the pilot changes.
pub struct EffectsFollow;

impl Follower for EffectsFollow {
    fn changed(&self, tx: &mut Tx<'_>, before: &PilotRow, after: &PilotRow) -> Result<(), AppError> {
        if concerns_effects(before, after) {
            follow_pilot(tx.conn, after, tx.now.day_in_dhaka())?;
        }
        Ok(())
    }
}

/// Whether a change of the pilot itself can change its effect.
fn concerns_effects(before: &PilotRow, after: &PilotRow) -> bool {
    let parts = |row: &PilotRow| (row.service_id, row.is_listed, row.is_public, row.execution_at, row.completed_at);
    after.execution_at.is_some() && parts(before) != parts(after)
}

/// Brings the effects of a pilot, and the sums of its service, to what its records say on this day.
///
/// # Errors
/// Those of the database.
pub fn follow_pilot(connection: &mut DbConnection, pilot: &PilotRow, today: NaiveDate) -> Result<(), AppError> {
    for &audience in Basis::ALL {
        let latest: Option<EffectRow> = pilot_effects::table
            .filter(pilot_effects::pilot_id.eq(pilot.id))
            .filter(pilot_effects::audience.eq(audience))
            .order(pilot_effects::from_day.desc())
            .select(EffectRow::as_select())
            .first(connection)
            .optional()?;
        // The clocks of two instances may disagree at midnight: intervals never overlap all the same.
        let today = latest.iter().flat_map(|row| [Some(row.from_day), row.until_day]).flatten().fold(today, Ord::max);
        let present = effect(connection, pilot, audience, today)?;
        let known = latest.filter(|row| row.until_day.is_none());
        let is_unchanged = match (&known, &present) {
            (None, None) => true,
            (Some(known), Some(present)) => known.says_the_same_as(present),
            _ => false,
        };
        // What is no longer public is gone from the past as well: no aggregate of a day gone by gives it away.
        let is_hidden = audience == Basis::Published && !pilot.is_public;
        if is_unchanged && !is_hidden {
            continue;
        }
        if is_hidden {
            forget(connection, pilot.id, audience)?;
        } else if let Some(known) = &known {
            end(connection, known, today)?;
        }
        if let Some(present) = &present {
            insert_into(pilot_effects::table).values(present).execute(connection)?;
            sums::change(connection, present, present.from_day, Change::Comes)?;
        }
    }
    Ok(())
}

/// It counts until yesterday; what began today never counted.
fn end(connection: &mut DbConnection, known: &EffectRow, today: NaiveDate) -> Result<(), AppError> {
    let stored = pilot_effects::table.find((known.pilot_id, known.audience, known.from_day));
    if known.from_day >= today {
        delete(stored).execute(connection)?;
        sums::change(connection, known, known.from_day, Change::Goes)
    } else {
        update(stored).set(pilot_effects::until_day.eq(today)).execute(connection)?;
        sums::change(connection, known, today, Change::Goes)
    }
}

/// It never counted, on no day.
fn forget(connection: &mut DbConnection, pilot: PilotId, audience: Basis) -> Result<(), AppError> {
    let all: Vec<EffectRow> = pilot_effects::table
        .filter(pilot_effects::pilot_id.eq(pilot))
        .filter(pilot_effects::audience.eq(audience))
        .select(EffectRow::as_select())
        .load(connection)?;
    for row in &all {
        sums::change(connection, row, row.from_day, Change::Goes)?;
        if let Some(until) = row.until_day {
            sums::change(connection, row, until, Change::Comes)?;
        }
        delete(pilot_effects::table.find((row.pilot_id, row.audience, row.from_day))).execute(connection)?;
    }
    Ok(())
}

/// What the records say: the pilot ran, and there is a pair of measurements that this audience sees.
fn effect(
    connection: &mut DbConnection,
    pilot: &PilotRow,
    audience: Basis,
    today: NaiveDate,
) -> Result<Option<EffectRow>, AppError> {
    let (Some(service_id), Some(_)) = (pilot.service_id, pilot.execution_at) else { return Ok(None) };
    let published_only = audience == Basis::Published;
    if !pilot.is_listed || published_only && !pilot.is_public {
        return Ok(None);
    }
    let Some(found) = tcv::outcome(connection, pilot.id, service_id, published_only)? else { return Ok(None) };
    let saves_from = pilot.completed_at.map_or(0, |_| FiscalYear::after(found.measured_until).begins_in());
    Ok(Some(EffectRow {
        pilot_id: pilot.id,
        audience,
        from_day: today,
        until_day: None,
        service_id,
        method_version: found.method_version,
        saves_from,
        basis_points: share(connection, service_id, pilot.id)?,
        time_base: found.time.0,
        time_end: found.time.1,
        cost_base: found.cost.0,
        cost_end: found.cost.1,
        visits_base: found.visits.0,
        visits_end: found.visits.1,
    }))
}

/// The share of the service that the newest attribution gives a pilot.
fn share(connection: &mut DbConnection, service: ServiceId, pilot: PilotId) -> Result<Option<i32>, AppError> {
    let newest: Option<String> = attributions::table
        .filter(attributions::service_id.eq(service))
        .order(attributions::revision.desc())
        .select(attributions::id)
        .first(connection)
        .optional()?;
    let Some(newest) = newest else { return Ok(None) };
    Ok(attribution_shares::table
        .find((newest, pilot))
        .select(attribution_shares::basis_points)
        .first(connection)
        .optional()?)
}
