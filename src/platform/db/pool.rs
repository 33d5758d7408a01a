//! A bounded set of connections. Who waits, waits on the async side and not for long.
//!
//! r2d2 would hold a blocking thread for each request that waits; here a waiting request holds nothing but its place.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use super::{DatabaseUrl, DbConnection};
use crate::platform::error::{AppError, ErrorCode};

pub(super) struct Pool {
    url: DatabaseUrl,
    read_only: bool,
    wait: Duration,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<DbConnection>>,
}

impl Pool {
    pub(super) fn new(url: DatabaseUrl, size: u32, wait: Duration, read_only: bool) -> Self {
        let places = Arc::new(Semaphore::new(usize::try_from(size.max(1)).unwrap_or(1)));
        Self { url, read_only, wait, places, idle: Mutex::new(Vec::new()) }
    }

    /// Runs `work` on a connection of this pool, on a thread that may block.
    pub(super) async fn run<T, F>(self: &Arc<Self>, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        let waiting = tokio::time::timeout(self.wait, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waiting else {
            return Err(AppError::new(ErrorCode::Overloaded).retry_after(1));
        };
        let pool = Arc::clone(self);
        // The place travels with the work: a client that goes away does not free it while the query still runs.
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut connection = pool.take()?;
            let outcome = work(&mut connection);
            // A connection that lost its server is of no more use, though diesel does not know it yet.
            if !matches!(&outcome, Err(error) if error.code == ErrorCode::DatabaseUnavailable) {
                pool.put_back(connection);
            }
            outcome
        })
        .await
        .map_err(|error| AppError::internal(format!("database work ended abnormally: {error}")))?
    }

    fn take(&self) -> Result<DbConnection, AppError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| DbConnection::open(&self.url, self.read_only), Ok)
    }

    fn put_back(&self, mut connection: DbConnection) {
        if !connection.is_unusable() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
