//! The database behind two verbs: [`Db::read`] and [`Db::write`]. What moves money has a third, [`Db::write_money`]; work in
//! the background a fourth, [`Db::tend`]; what only adds a fifth, [`Db::add`].
//! Nothing else opens a transaction.

mod advice;
mod alone;
pub mod at_once;
mod batch;
mod connection;
pub mod dialect;
pub mod json_list;
pub mod migrations;
mod pool;
pub mod schema;
pub mod snapshot;
pub mod statement;
mod together;
mod transaction;
mod url;
mod work;

use std::{sync::Arc, time::Duration};

pub use connection::DbConnection;
use diesel::connection::SimpleConnection;
pub use pool::DbObserver;
use pool::Pool;
use tokio::sync::watch;
use transaction::Kind;
pub use url::{DatabaseUrl, Engine};
use work::{Value, Writing};

use super::{error::AppError, metrics::Fact};

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

/// How large a database is, in bytes.
pub struct DbSize {
    /// The database itself.
    pub bytes: u64,
    /// SQLite's write-ahead log.
    pub wal_bytes: Option<u64>,
}

/// The database. Clones share the pools.
#[derive(Clone)]
pub struct Db {
    readers: Arc<Pool>,
    writers: Arc<Pool>,
    /// SQLite's writes that wait for their turn.
    queue: Arc<together::Queue>,
    engine: Engine,
    /// Counts the commits of this process, for those who wait for something to do.
    commits: Arc<watch::Sender<u64>>,
    url: DatabaseUrl,
    /// Says that the file is in use, for as long as anyone holds the pools.
    _in_use: Option<Arc<std::fs::File>>,
}

impl Db {
    /// Opens the pools. Connections are made on demand, so a sleeping PostgreSQL does not stop the start.
    ///
    /// # Errors
    /// When the SQLite file cannot be made or opened.
    pub fn open(settings: &DbSettings) -> Result<Self, AppError> {
        connection::prepare_file(&settings.url)?;
        let in_use = snapshot::announce_use(&settings.url)?;
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
            queue: Arc::default(),
            engine,
            commits: Arc::new(watch::Sender::new(0)),
            url: settings.url.clone(),
            _in_use: in_use.map(Arc::new),
        })
    }

    /// Tells of each commit of this process; others' are not known, so who waits has to look now and then as well.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
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
        work::typed(self.readers.run(work::reading(work)).await?)
    }

    /// Runs `work` in one serializable transaction, off the async workers, and again if it lost a race; in the end
    /// alone, so that a long transaction gets through however many short ones want the same row. What `work` does
    /// outside the database it may do several times.
    ///
    /// # Errors
    /// Those of `work`, after rolling back; `Overloaded` when no connection came free or races were lost too often;
    /// `DatabaseUnavailable` when the database is away.
    pub async fn write<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        self.transact(Kind::Writing, work).await
    }

    /// As [`Db::write`] for what moves money: in turn with all else that does, so that none of them loses a race for the last
    /// line of a ledger.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_money<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        self.transact(Kind::Money, work).await
    }

    /// Runs `work` of the background in one short transaction. On PostgreSQL it sees each commit at once (READ
    /// COMMITTED) and makes no writer lose a race; so it must decide nothing by what it read without a lock or a
    /// compare-and-set.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn tend<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        self.transact(Kind::Tending, work).await
    }

    /// As [`Db::tend`], for what reads and then writes by one statement. On PostgreSQL that is a transaction by itself, and
    /// the two journeys to begin and to commit another around it are spared.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn add<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        self.transact(Kind::Single, work).await
    }

    async fn transact<T, F>(&self, kind: Kind, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
    {
        work::typed(self.commit(kind, work::writing(work)).await?)
    }

    async fn commit(&self, kind: Kind, mut work: Writing) -> Result<Value, AppError> {
        let outcome = match self.engine {
            Engine::Sqlite => together::run(&self.writers, &self.queue, work).await,
            Engine::Postgres => {
                let pool = Arc::clone(&self.writers);
                let work = move |connection: &mut DbConnection| {
                    transaction::repeated(connection, kind, &|| pool.lost_a_race(), &mut work)
                };
                self.writers.run(Box::new(work)).await
            }
        };
        if outcome.is_ok() {
            self.commits.send_modify(|count| *count = count.wrapping_add(1));
        }
        outcome
    }

    /// Whether the database answers; used by `/readyz`.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ping(&self) -> Result<(), AppError> {
        self.read(|connection| Ok(connection.batch_execute("SELECT 1")?)).await
    }

    /// Tells these from now on what the pools go through: reading, writing.
    pub fn observe(&self, observers: [DbObserver; 2]) {
        let [readers, writers] = observers;
        self.readers.observe(readers);
        self.writers.observe(writers);
    }

    /// The connections by pool and state.
    pub(super) fn pool_facts(&self) -> Vec<Fact> {
        let pools = [("read", &self.readers), ("write", &self.writers)];
        pools
            .into_iter()
            .flat_map(|(name, pool)| pool.states().map(|(state, count)| (name, state, count)))
            .map(|(pool, state, count)| {
                let count = u64::try_from(count).unwrap_or(u64::MAX);
                Fact::new("pilots_db_pool_connections", vec![("pool", pool), ("state", state)], count)
            })
            .collect()
    }

    /// How large the database is; `None` when it does not answer within a second.
    pub(super) async fn size(&self) -> Option<DbSize> {
        let url = self.url.clone();
        let asked = self.read(move |connection| dialect::size(connection, &url));
        tokio::time::timeout(Duration::from_secs(1), asked).await.ok()?.ok()
    }

    /// Folds SQLite's write-ahead log into the file, for a clean stop.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn checkpoint(&self) -> Result<(), AppError> {
        if self.engine == Engine::Sqlite {
            let fold = |connection: &mut DbConnection| Ok(connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?);
            self.writers.run(work::reading(fold)).await?;
        }
        Ok(())
    }
}

/// Runs `work` in one serializable transaction on a connection at hand: for the steps of a migration, where there are no
/// pools yet. Not run again if it loses a race.
///
/// # Errors
/// Those of `work`, after rolling back.
pub fn in_one_transaction<T>(
    connection: &mut DbConnection,
    work: impl FnMut(&mut DbConnection) -> Result<T, AppError>,
) -> Result<T, AppError> {
    transaction::once(connection, Kind::Migrating, work)
}
