//! Work without a transaction: it may write by one statement only. A release trusts that; anything else, the tests above
//! all, counts.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use diesel::{Connection, connection::InstrumentationEvent};

use super::DbConnection;
use crate::platform::error::AppError;

/// Runs `work`, and in a debug build fails if it wrote more than once.
pub(super) fn checked<T>(
    connection: &mut DbConnection,
    mut work: impl FnMut(&mut DbConnection) -> Result<T, AppError>,
) -> Result<T, AppError> {
    if !cfg!(debug_assertions) {
        return work(connection);
    }
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&writes);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event
            && !query.to_string().starts_with("SELECT")
        {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let outcome = work(connection);
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    match writes.load(Ordering::Relaxed) {
        0 | 1 => outcome,
        several => Err(AppError::internal(format!("{several} statements wrote without a transaction around them"))),
    }
}
