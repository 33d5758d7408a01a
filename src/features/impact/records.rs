//! The records that figures are computed from: one row a service, read by index, never one a pilot.

use chrono::NaiveDate;
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName, RunQueryDsl, SelectableHelper, sql_query,
    sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp as SqlTimestamp},
};

use super::{basis::Asked, effects::EffectRow, sums, totals::ServiceTotals};
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_effects, values_of_time},
        },
        error::AppError,
        ids::ServiceId,
    },
};

/// The services that a figure is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One.
    Service(ServiceId),
    /// Those of a sector.
    Sector(String),
    /// All.
    Programme,
}

/// A service with all that its figures are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceRecord {
    /// What its pilots measured.
    pub totals: ServiceTotals,
    /// How often it was used in the fiscal year; `None` is: not recorded.
    pub volume: Option<i64>,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Nullable<Text>)]
    totals: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    volume: Option<i64>,
}

/// The statement behind every figure. Each of its two inner queries reads one entry of an index, so it costs as many
/// look-ups as there are services in the scope, however many pilots there are.
pub fn statement(scope: &Scope) -> String {
    let condition = match scope {
        Scope::Service(_) => "s.id = $5",
        Scope::Sector(_) => "s.sector_code = $5",
        // Always true, so that all statements take the same values.
        Scope::Programme => "s.id <> $5",
    };
    format!(
        "SELECT (SELECT t.totals FROM service_tcv AS t WHERE t.service_id = s.id AND t.audience = $1 AND t.day <= $2 \
                 ORDER BY t.day DESC LIMIT 1) AS totals, \
                (SELECT v.volume FROM service_volumes AS v WHERE v.service_id = s.id AND v.fiscal_year = $3 \
                 AND v.recorded_at < $4 ORDER BY v.revision DESC LIMIT 1) AS volume \
         FROM services AS s WHERE {condition}"
    )
}

/// The services of a scope.
///
/// # Errors
/// Those of the database.
pub fn services(connection: &mut DbConnection, scope: &Scope, asked: &Asked) -> Result<Vec<ServiceRecord>, AppError> {
    let key = match scope {
        Scope::Service(id) => id.as_str(),
        Scope::Sector(code) => code,
        Scope::Programme => "",
    };
    let rows: Vec<Stored> = sql_query(statement(scope))
        .bind::<Text, _>(asked.basis.as_str())
        .bind::<Date, _>(asked.as_of)
        .bind::<Integer, _>(asked.fiscal_year.begins_in())
        .bind::<SqlTimestamp, Timestamp>(asked.before())
        .bind::<Text, _>(key)
        .load(connection)?;
    rows.into_iter()
        .map(|row| {
            let totals = row.totals.as_deref().map(sums::read).transpose()?.unwrap_or_default();
            Ok(ServiceRecord { totals, volume: row.volume })
        })
        .collect()
}

/// What one pilot changed, as this audience saw it on the day.
///
/// # Errors
/// Those of the database.
pub fn effect_of(connection: &mut DbConnection, pilot: PilotId, asked: &Asked) -> Result<Option<EffectRow>, AppError> {
    let last: Option<EffectRow> = pilot_effects::table
        .filter(pilot_effects::pilot_id.eq(pilot))
        .filter(pilot_effects::audience.eq(asked.basis))
        .filter(pilot_effects::from_day.le(asked.as_of))
        .order(pilot_effects::from_day.desc())
        .select(EffectRow::as_select())
        .first(connection)
        .optional()?;
    let has_ended = |until: Option<NaiveDate>| until.is_some_and(|day| day <= asked.as_of);
    Ok(last.filter(|row| !has_ended(row.until_day)))
}

/// What an hour was worth in the fiscal year, in poisha, as it was known on the day.
///
/// # Errors
/// Those of the database.
pub fn value_of_time(connection: &mut DbConnection, asked: &Asked) -> Result<Option<i64>, AppError> {
    Ok(values_of_time::table
        .filter(values_of_time::fiscal_year.eq(asked.fiscal_year.begins_in()))
        .filter(values_of_time::recorded_at.lt(asked.before()))
        .order(values_of_time::revision.desc())
        .select(values_of_time::per_hour)
        .first(connection)
        .optional()?)
}
