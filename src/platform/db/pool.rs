//! A bounded set of connections. Who waits, waits on the async side and not for long.
//!
//! r2d2 would hold a blocking thread for each request that waits; here a waiting request holds nothing but its place.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use metrics::{Counter, Histogram};
use tokio::sync::Semaphore;

use super::{
    DatabaseUrl, DbConnection,
    work::{Reading, Value},
};
use crate::platform::{
    error::{AppError, ErrorCode},
    telemetry,
};

/// Who is told what a pool goes through.
pub struct DbObserver {
    /// Seconds waited for a connection.
    pub wait: Histogram,
    /// Seconds a connection was in use.
    pub work: Histogram,
    /// Waits that were given up.
    pub given_up: Counter,
    /// Transactions run again.
    pub retries: Counter,
}

/// A connection that was not in use for so long is closed.
const UNNEEDED: Duration = Duration::from_secs(60);

struct Idle {
    connection: DbConnection,
    since: Instant,
}

pub(super) struct Pool {
    url: DatabaseUrl,
    read_only: bool,
    wait: Duration,
    size: usize,
    places: Arc<Semaphore>,
    observer: OnceLock<DbObserver>,
    /// The last one given back is taken first, so what is not needed lies at the front.
    idle: Mutex<VecDeque<Idle>>,
}

impl Pool {
    pub(super) fn new(url: DatabaseUrl, size: u32, wait: Duration, read_only: bool) -> Self {
        let size = usize::try_from(size.max(1)).unwrap_or(1);
        let places = Arc::new(Semaphore::new(size));
        Self { url, read_only, wait, size, places, observer: OnceLock::new(), idle: Mutex::default() }
    }

    /// Tells `observer` from now on; the first one stays.
    pub(super) fn observe(&self, observer: DbObserver) {
        let _ = self.observer.set(observer);
    }

    fn observer(&self) -> Option<&DbObserver> {
        self.observer.get()
    }

    /// Counts a transaction that has to be run again.
    pub(super) fn lost_a_race(&self) {
        if let Some(observer) = self.observer() {
            observer.retries.increment(1);
        }
    }

    /// Connections by state: the most there can be, in use, open and idle.
    pub(super) fn states(&self) -> [(&'static str, usize); 3] {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
        [("most", self.size), ("used", self.size.saturating_sub(self.places.available_permits())), ("idle", idle)]
    }

    /// Runs `work` on a connection of this pool, on a thread that may block.
    pub(super) async fn run(self: &Arc<Self>, work: Reading) -> Result<Value, AppError> {
        let begun = Instant::now();
        let waiting = tokio::time::timeout(self.wait, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waiting else {
            if let Some(observer) = self.observer() {
                observer.given_up.increment(1);
            }
            return Err(AppError::new(ErrorCode::Overloaded).retry_after(1).detail(
                "No connection to the database came free in time. Nothing was changed.",
                "সময়মতো ডেটাবেসের কোনো সংযোগ খালি পাওয়া যায়নি। কিছুই পরিবর্তন হয়নি।",
            ));
        };
        let (pool, waited) = (Arc::clone(self), begun.elapsed());
        let span = telemetry::database_span(if self.read_only { "read" } else { "write" });
        // The place travels with the work: a client that goes away does not free it while the query still runs.
        tokio::task::spawn_blocking(move || {
            let _place = place;
            let _entered = span.enter();
            let begun = Instant::now();
            let mut connection = pool.take()?;
            let outcome = work(&mut connection);
            if let Some(observer) = pool.observer() {
                observer.wait.record(waited.as_secs_f64());
                observer.work.record(begun.elapsed().as_secs_f64());
            }
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
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop_back();
        idle.map_or_else(|| DbConnection::open(&self.url, self.read_only), |idle| Ok(idle.connection))
    }

    /// Keeps a connection for the next one, and closes one that nobody has needed for long: to SQLite it is some megabytes,
    /// to PostgreSQL a process.
    fn put_back(&self, mut connection: DbConnection) {
        if connection.is_unusable() {
            return;
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push_back(Idle { connection, since: Instant::now() });
        let unneeded = idle.front().is_some_and(|first| first.since.elapsed() > UNNEEDED).then(|| idle.pop_front());
        drop(idle);
        drop(unneeded);
    }
}
