//! Connections to write with: one on SQLite, eight on PostgreSQL, as the server has.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web;
use diesel::connection::SimpleConnection;
use innovation_pilots::platform::{db::DbConnection, error::AppError};
use tokio::sync::Semaphore;

use crate::rows::connect;

pub struct Writers {
    url: String,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<DbConnection>>,
}

impl Writers {
    pub fn new(url: &str) -> Self {
        let places = if url.starts_with("sqlite:") { 1 } else { 8 };
        Self { url: url.to_owned(), places: Arc::new(Semaphore::new(places)), idle: Mutex::default() }
    }

    /// One transaction, durable when it returns.
    pub async fn write<T, F>(self: &Arc<Self>, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(AppError::internal)?;
        let shared = Arc::clone(self);
        web::block(move || {
            let _place = place;
            let idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = idle.map_or_else(|| open(&shared.url), Ok)?;
            connection.batch_execute(match connection {
                DbConnection::Sqlite(_) => "BEGIN IMMEDIATE",
                DbConnection::Postgres(_) => "BEGIN",
            })?;
            let done = work(&mut connection)?;
            connection.batch_execute("COMMIT")?;
            shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok(done)
        })
        .await
        .map_err(AppError::internal)?
    }
}

fn open(url: &str) -> Result<DbConnection, AppError> {
    let mut connection = connect(url).map_err(AppError::internal)?;
    if matches!(connection, DbConnection::Sqlite(_)) {
        connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")?;
    }
    Ok(connection)
}
