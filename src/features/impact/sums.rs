//! The sums of a service at the end of each day on which they changed.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into, update};

use super::{
    effects::EffectRow,
    totals::{Change, ServiceTotals},
};
use crate::platform::{
    db::{DbConnection, schema::service_tcv},
    error::AppError,
};

/// Reads stored sums.
///
/// # Errors
/// When they were not written by us.
pub fn read(stored: &str) -> Result<ServiceTotals, AppError> {
    serde_json::from_str(stored).map_err(AppError::internal)
}

/// Lets an effect come or go from a day on. As a rule that is today and there is one row to write; a later day is
/// there only when the past is changed.
///
/// # Errors
/// Those of the database.
pub fn change(
    connection: &mut DbConnection,
    effect: &EffectRow,
    from_day: NaiveDate,
    change: Change,
) -> Result<(), AppError> {
    let of_service = || {
        service_tcv::table
            .filter(service_tcv::service_id.eq(effect.service_id))
            .filter(service_tcv::audience.eq(effect.audience))
    };
    let mut days: Vec<(NaiveDate, String)> = of_service()
        .filter(service_tcv::day.ge(from_day))
        .order(service_tcv::day)
        .select((service_tcv::day, service_tcv::totals))
        .load(connection)?;
    if days.first().is_none_or(|(day, _)| *day != from_day) {
        let before: Option<String> = of_service()
            .filter(service_tcv::day.lt(from_day))
            .order(service_tcv::day.desc())
            .select(service_tcv::totals)
            .first(connection)
            .optional()?;
        let copied = before.unwrap_or_else(|| "{}".to_owned());
        insert_into(service_tcv::table)
            .values((
                service_tcv::service_id.eq(effect.service_id),
                service_tcv::audience.eq(effect.audience),
                service_tcv::day.eq(from_day),
                service_tcv::totals.eq(&copied),
            ))
            .execute(connection)?;
        days.insert(0, (from_day, copied));
    }
    for (day, stored) in days {
        let mut totals = read(&stored)?;
        totals.change(change, &effect.method_version, effect.saves_from, effect.totals());
        let written = serde_json::to_string(&totals).map_err(AppError::internal)?;
        update(service_tcv::table.find((effect.service_id, effect.audience, day)))
            .set(service_tcv::totals.eq(written))
            .execute(connection)?;
    }
    Ok(())
}
