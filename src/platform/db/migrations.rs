//! Twin migrations: one set an engine, same names, same tables. One process at a time runs them.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DatabaseUrl, DbConnection};
use crate::platform::error::AppError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every instance of us.
const ADVISORY_LOCK: i64 = 7_224_512_019_551_071;

/// A migration and whether it has been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name, such as `0004_pilots`.
    pub name: String,
    /// Whether it has been applied.
    pub applied: bool,
}

/// Applies what is pending, then runs `seed` on the same connection, both under the lock.
///
/// # Errors
/// When the database is away, or a migration fails; that migration is rolled back.
pub fn up(
    url: &DatabaseUrl,
    seed: impl FnOnce(&mut DbConnection) -> Result<(), AppError>,
) -> Result<Vec<String>, AppError> {
    locked(url, |connection| {
        let applied = match connection {
            DbConnection::Sqlite(sqlite) => names(sqlite.run_pending_migrations(SQLITE)),
            DbConnection::Postgres(postgres) => names(postgres.run_pending_migrations(POSTGRES)),
        }?;
        seed(connection)?;
        Ok(applied)
    })
}

/// Takes back the latest applied migration; `None` when there is none.
///
/// # Errors
/// As [`up`].
pub fn down(url: &DatabaseUrl) -> Result<Option<String>, AppError> {
    locked(url, |connection| {
        let last = match connection {
            DbConnection::Sqlite(sqlite) => sqlite.applied_migrations(),
            DbConnection::Postgres(postgres) => postgres.applied_migrations(),
        };
        if last.map_err(AppError::internal)?.is_empty() {
            return Ok(None);
        }
        let reverted = match connection {
            DbConnection::Sqlite(sqlite) => sqlite.revert_last_migration(SQLITE).map(|version| version.to_string()),
            DbConnection::Postgres(postgres) => {
                postgres.revert_last_migration(POSTGRES).map(|version| version.to_string())
            }
        };
        reverted.map(Some).map_err(AppError::internal)
    })
}

/// Every migration, in order.
///
/// # Errors
/// As [`up`].
pub fn status(url: &DatabaseUrl) -> Result<Vec<MigrationStatus>, AppError> {
    super::connection::prepare_file(url)?;
    let mut connection = DbConnection::open(url, false)?;
    status_on(&mut connection)
}

#[derive(diesel::QueryableByName)]
struct AppliedVersion {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Whether every migration this program knows has been applied; what `/readyz` asks. Reads diesel's own table, since
/// diesel's question would try to create it, which a reading connection may not.
///
/// # Errors
/// Those of the database, a missing table among them.
pub fn is_current(connection: &mut DbConnection) -> Result<bool, AppError> {
    let known = match connection {
        DbConnection::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        DbConnection::Postgres(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    let applied: Vec<AppliedVersion> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(connection)?;
    Ok(known.iter().all(|version| applied.iter().any(|row| row.version == *version)))
}

/// The versions that are applied, in order, and those among them that this program does not know.
///
/// # Errors
/// As [`is_current`].
pub(super) fn known(connection: &mut DbConnection) -> Result<(Vec<String>, Vec<String>), AppError> {
    let known = match connection {
        DbConnection::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        DbConnection::Postgres(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    let applied: Vec<AppliedVersion> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version").load(connection)?;
    let applied: Vec<String> = applied.into_iter().map(|row| row.version).collect();
    let unknown = applied.iter().filter(|version| !known.contains(version)).cloned().collect();
    Ok((applied, unknown))
}

fn versions<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, AppError> {
    use diesel::migration::MigrationSource;
    let known = MigrationSource::<DB>::migrations(source).map_err(AppError::internal)?;
    Ok(known.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn status_on(connection: &mut DbConnection) -> Result<Vec<MigrationStatus>, AppError> {
    let (all, pending) = match connection {
        DbConnection::Sqlite(sqlite) => (listed::<diesel::sqlite::Sqlite>(&SQLITE)?, pending_names(sqlite, SQLITE)?),
        DbConnection::Postgres(postgres) => (listed::<diesel::pg::Pg>(&POSTGRES)?, pending_names(postgres, POSTGRES)?),
    };
    Ok(all.into_iter().map(|name| MigrationStatus { applied: !pending.contains(&name), name }).collect())
}

fn listed<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<String>, AppError> {
    use diesel::migration::MigrationSource;
    let mut names: Vec<String> = MigrationSource::<DB>::migrations(source)
        .map_err(AppError::internal)?
        .iter()
        .map(|migration| migration.name().to_string())
        .collect();
    names.sort();
    Ok(names)
}

fn pending_names<DB, C>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, AppError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let pending = connection.pending_migrations(source).map_err(AppError::internal)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

fn names(
    outcome: diesel::migration::Result<Vec<diesel::migration::MigrationVersion<'_>>>,
) -> Result<Vec<String>, AppError> {
    let versions = outcome.map_err(AppError::internal)?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// Holds off other processes: an advisory lock on PostgreSQL, which diesel's own migrations do not take, and a lock
/// file beside the SQLite database.
fn locked<T>(url: &DatabaseUrl, work: impl FnOnce(&mut DbConnection) -> Result<T, AppError>) -> Result<T, AppError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            super::connection::prepare_folder(path)?;
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false).mode(0o600);
            let lock = options.open(path.with_extension("lock")).map_err(AppError::internal)?;
            lock.lock().map_err(AppError::internal)?;
            // Under the lock, since a file that somebody writes to cannot be turned to its write-ahead log.
            super::connection::prepare_file(url)?;
            let mut connection = DbConnection::open(url, false)?;
            work(&mut connection)
        }
        DatabaseUrl::Postgres(address) => {
            let mut guard = PgConnection::establish(address).map_err(AppError::internal)?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({ADVISORY_LOCK})")).execute(&mut guard)?;
            let mut connection = DbConnection::open(url, false)?;
            // A migration may rewrite a large table.
            connection.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0;")?;
            work(&mut connection)
        }
    }
}
