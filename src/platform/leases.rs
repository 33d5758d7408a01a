//! Leases: what one of several instances does at a time. A holder renews while it works; one that dies is followed by
//! another when its time is over. Clocks of instances may differ by a few seconds, far less than [`LEASE`].
//!
//! A lease keeps work from being done twice, as a rule; that nothing goes wrong when a paused holder wakes up too late
//! is the business of whoever uses it, by a compare-and-set or a unique key.

use chrono::Duration;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl,
    sql_types::{Text, Timestamp as SqlTimestamp},
    update,
};

use super::{
    clock::Timestamp,
    db::{DbConnection, schema::leases},
    error::AppError,
};

/// For how long a lease holds without being renewed; after a kill -9 it takes so long until another goes on.
pub const LEASE: Duration = Duration::seconds(15);

/// How often a holder renews what it works under.
pub const RENEW: std::time::Duration = std::time::Duration::from_secs(5);

/// Takes or renews a lease; `false` when another instance has it.
///
/// # Errors
/// Those of the database.
pub fn hold(connection: &mut DbConnection, name: &str, holder: &str, now: Timestamp) -> Result<bool, AppError> {
    let until = now.plus(LEASE);
    let row = leases::table.find(name);
    let renewed =
        update(row.filter(leases::holder.eq(holder))).set(leases::expires_at.eq(until)).execute(connection)?;
    if renewed == 1 {
        return Ok(true);
    }
    let taken = update(row.filter(leases::holder.ne(holder).and(leases::expires_at.le(now))))
        .set((leases::holder.eq(holder), leases::token.eq(leases::token + 1), leases::expires_at.eq(until)))
        .execute(connection)?;
    if taken == 1 {
        return Ok(true);
    }
    // The first time ever; when two instances come at once, one finds the row of the other.
    let first = diesel::sql_query(
        "INSERT INTO leases (name, holder, token, expires_at) VALUES ($1, $2, 1, $3) ON CONFLICT (name) DO NOTHING",
    )
    .bind::<Text, _>(name)
    .bind::<Text, _>(holder)
    .bind::<SqlTimestamp, _>(until)
    .execute(connection)?;
    Ok(first == 1)
}

/// Gives all leases of a holder back, so that another instance need not wait.
///
/// # Errors
/// Those of the database.
pub fn release(connection: &mut DbConnection, holder: &str, now: Timestamp) -> Result<(), AppError> {
    update(leases::table.filter(leases::holder.eq(holder))).set(leases::expires_at.eq(now)).execute(connection)?;
    Ok(())
}
