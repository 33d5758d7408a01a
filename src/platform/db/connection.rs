//! One connection type over both engines, and how each is set up.

use std::{
    fs::OpenOptions,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use diesel::{Connection, MultiConnection, PgConnection, SqliteConnection, connection::SimpleConnection};

use super::{DatabaseUrl, Engine};
use crate::platform::error::{AppError, ErrorCode};

/// A connection to whichever engine the URL named. Queries are written once.
#[derive(MultiConnection)]
pub enum DbConnection {
    /// Embedded SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}

impl DbConnection {
    /// Connects and sets the session up.
    pub(super) fn open(url: &DatabaseUrl, read_only: bool) -> Result<Self, AppError> {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(unavailable)?;
                // busy_timeout first: each later statement may meet a lock. FULL: acknowledged means on disk. No mapped
                // memory, which each connection would have for itself; what the cache has not, the system's has. The log
                // is folded into the file by the page, so the longer it is the less is written.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; \
                     PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -4000; \
                     PRAGMA wal_autocheckpoint = 4000;",
                )?;
                if read_only {
                    connection.batch_execute("PRAGMA query_only = ON")?;
                }
                Ok(Self::Sqlite(connection))
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(unavailable)?;
                // A page out of order costs about as much as the next one: nothing turns any more. By the default of 4 a
                // million pilots are walked in the order of their ids, past all of another status, rather than read from
                // the index that was made for the list. Plans are made once a statement: the lists are written so that one
                // plan suits every value, and to plan one anew each time costs more than to run it. A plan made while a
                // table was small is kept while it grows, so no table is read whole where there is an index. Nothing is big
                // enough to be compiled or shared out among processes, whatever the planner guesses of a search for words.
                // The matches of a common word fit into 16 MB row by row; by the default of 4 only their pages are kept, and
                // the words of every row there are cut anew to see whether it is one.
                connection.batch_execute(
                    "SET statement_timeout = '15s'; SET lock_timeout = '5s'; \
                     SET idle_in_transaction_session_timeout = '30s'; SET TIME ZONE 'UTC'; \
                     SET client_min_messages = warning; SET random_page_cost = 1.1; \
                     SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; \
                     SET max_parallel_workers_per_gather = 0; SET work_mem = '16MB';",
                )?;
                if read_only {
                    connection.batch_execute("SET default_transaction_read_only = on")?;
                }
                Ok(Self::Postgres(connection))
            }
        }
    }

    pub(super) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Marks a connection whose state is unknown, so that the pool drops it.
    pub(super) fn give_up(&mut self) {
        use diesel::connection::TransactionManager;
        match self {
            Self::Sqlite(connection) => {
                <SqliteConnection as Connection>::TransactionManager::transaction_manager_status_mut(connection)
                    .set_in_error();
            }
            Self::Postgres(connection) => {
                <PgConnection as Connection>::TransactionManager::transaction_manager_status_mut(connection)
                    .set_in_error();
            }
        }
    }

    /// Whether the pool must drop it.
    pub(super) fn is_unusable(&mut self) -> bool {
        use diesel::r2d2::R2D2Connection;
        self.is_broken()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err wants")]
fn unavailable(error: diesel::ConnectionError) -> AppError {
    AppError {
        cause: crate::platform::error::Cause::Internal(error.to_string()),
        ..AppError::new(ErrorCode::DatabaseUnavailable).retry_after(2)
    }
}

/// Makes the folder of a SQLite file and sets WAL, once, before there is a pool: changing the journal mode needs the
/// file for oneself.
pub(super) fn prepare_file(url: &DatabaseUrl) -> Result<(), AppError> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(()) };
    prepare_folder(path)?;
    let at = |error: &dyn std::fmt::Display| AppError::internal(format!("{}: {error}", path.display()));
    // SQLite gives its -wal and -shm the mode of the file, and would make the file itself readable for all.
    let new = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    drop(new.map_err(|error| at(&error))?);
    let mut connection = SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| at(&error))?;
    connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL;")?;
    Ok(())
}

/// Makes the folder of an SQLite file.
pub(super) fn prepare_folder(path: &Path) -> Result<(), AppError> {
    let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) else { return Ok(()) };
    // Password hashes and personal data lie in it: for our own eyes.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| AppError::internal(format!("{}: {error}", folder.display())))
}
