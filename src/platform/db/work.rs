//! What is to be done on a connection, without its types: so pools, transactions and queues are in the program once and
//! not once for each of some 300 handlers, which were 4 MB of machine code.

use std::any::Any;

use super::DbConnection;
use crate::platform::error::AppError;

/// What work comes to; [`typed`] knows what it was.
pub(super) type Value = Box<dyn Any + Send>;
/// Done once.
pub(super) type Reading = Box<dyn FnOnce(&mut DbConnection) -> Result<Value, AppError> + Send>;
/// Done until its transaction loses no race.
pub(super) type Writing = Box<dyn FnMut(&mut DbConnection) -> Result<Value, AppError> + Send>;

pub(super) fn reading<T, F>(work: F) -> Reading
where
    T: Send + 'static,
    F: FnOnce(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
{
    Box::new(move |connection| Ok(Box::new(work(connection)?)))
}

pub(super) fn writing<T, F>(mut work: F) -> Writing
where
    T: Send + 'static,
    F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
{
    Box::new(move |connection| Ok(Box::new(work(connection)?)))
}

/// The value as what the work made it.
///
/// # Errors
/// When it was made by another work: a fault of ours.
pub(super) fn typed<T: 'static>(value: Value) -> Result<T, AppError> {
    value
        .downcast()
        .map(|value| *value)
        .map_err(|_| AppError::internal("database work came to a value of another type"))
}
