//! The database behind two verbs: [`Db::read`] and [`Db::write`]. Nothing else opens a transaction.

mod batch;
mod connection;
pub mod dialect;
pub mod json_list;
pub mod migrations;
mod pool;
pub mod schema;
mod url;

use std::{sync::Arc, time::Duration};

pub use connection::DbConnection;
use diesel::connection::SimpleConnection;
use pool::Pool;
pub use url::{DatabaseUrl, Engine};

use super::error::AppError;

/// How many times a transaction that lost a race is run before the caller is told to come back.
const MOST_ATTEMPTS: u32 = 20;

/// What the pools are to be like.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// Where to write, and to read unless `read_url` is set.
    pub url: DatabaseUrl,
    /// A replica to read from (PostgreSQL).
    pub read_url: Option<DatabaseUrl>,
    /// Connections to read with, and on PostgreSQL as many to write with.
    pub connections: u32,
    /// How long a request waits for a connection.
    pub wait: Duration,
}

/// The database. Clones share the pools.
#[derive(Clone)]
pub struct Db {
    readers: Arc<Pool>,
    writers: Arc<Pool>,
    engine: Engine,
}

impl Db {
    /// Opens the pools. Connections are made on demand, so a sleeping PostgreSQL does not stop the start.
    ///
    /// # Errors
    /// When the SQLite file cannot be made or opened.
    pub fn open(settings: &DbSettings) -> Result<Self, AppError> {
        connection::prepare_file(&settings.url)?;
        let engine = settings.url.engine();
        let writers = match engine {
            // One writer is all that SQLite has; waiting in our queue is fairer than in its lock.
            Engine::Sqlite => 1,
            Engine::Postgres => settings.connections,
        };
        let read_url = settings.read_url.as_ref().unwrap_or(&settings.url);
        Ok(Self {
            readers: Arc::new(Pool::new(read_url.clone(), settings.connections, settings.wait, true)),
            writers: Arc::new(Pool::new(settings.url.clone(), writers, settings.wait, false)),
            engine,
        })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs `work` on a reading connection, off the async workers.
    ///
    /// # Errors
    /// Those of `work`; `Overloaded` when no connection came free; `DatabaseUnavailable` when none can be made.
    pub async fn read<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        self.readers.run(work).await
    }

    /// Runs `work` in one serializable transaction, off the async workers, and again if it lost a race. What `work`
    /// does outside the database it may do several times.
    ///
    /// # Errors
    /// Those of `work`, after rolling back; `Overloaded` when no connection came free or races were lost too often;
    /// `DatabaseUnavailable` when the database is away.
    pub async fn write<T, F>(&self, mut work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        let begin = self.engine.begin();
        self.writers
            .run(move |connection| {
                let mut attempt = 1;
                loop {
                    match transaction(connection, begin, &mut work) {
                        Err(error) if error.is_retryable() && attempt < MOST_ATTEMPTS => pause(attempt),
                        outcome => return outcome,
                    }
                    attempt += 1;
                }
            })
            .await
    }

    /// Whether the database answers; used by `/readyz`.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ping(&self) -> Result<(), AppError> {
        self.read(|connection| Ok(connection.batch_execute("SELECT 1")?)).await
    }

    /// Folds SQLite's write-ahead log into the file, for a clean stop.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn checkpoint(&self) -> Result<(), AppError> {
        if self.engine == Engine::Sqlite {
            self.writers.run(|connection| Ok(connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)).await?;
        }
        Ok(())
    }
}

/// One attempt. A failed COMMIT is rolled back too, and a connection that cannot roll back is given up by the pool.
fn transaction<T>(
    connection: &mut DbConnection,
    begin: &str,
    work: &mut impl FnMut(&mut DbConnection) -> Result<T, AppError>,
) -> Result<T, AppError> {
    connection.batch_execute(begin)?;
    let outcome = work(connection).and_then(|value| {
        connection.batch_execute("COMMIT")?;
        Ok(value)
    });
    if outcome.is_err()
        && let Err(error) = connection.batch_execute("ROLLBACK")
    {
        tracing::warn!(%error, "a transaction could not be rolled back");
        connection.give_up();
    }
    outcome
}

/// Growing pauses with jitter, so that racers do not meet again in step.
fn pause(attempt: u32) {
    let most = 2_u64.saturating_pow(attempt.min(7));
    let jitter = u64::from(uuid::Uuid::now_v7().as_fields().3.last().copied().unwrap_or(0)) % most.max(1);
    std::thread::sleep(Duration::from_millis(1 + jitter));
}
