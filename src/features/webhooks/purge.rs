//! The log is kept for a while.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete};

use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, schema::webhook_deliveries},
    error::AppError,
};

/// How long a delivery that is done with can be looked at and replayed.
const KEEP: chrono::Duration = chrono::Duration::days(30);

/// Drops deliveries that were done with long ago, with their attempts; the server calls it now and then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    Ok(delete(webhook_deliveries::table.filter(webhook_deliveries::finished_at.lt(now.plus(-KEEP))))
        .execute(connection)?)
}
