//! A database a test, copied from one that was migrated once.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection};
use innovation_pilots::{
    features::seed,
    platform::{
        clock::Clock,
        db::{DatabaseUrl, DbConnection, migrations},
    },
};
use tempfile::TempDir;

use super::postgres;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A migrated database of its own, gone when dropped.
pub struct Database {
    pub url: String,
    folder: TempDir,
    postgres_name: Option<String>,
}

static SQLITE_TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
static POSTGRES_TEMPLATE: OnceLock<String> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Database {
    pub fn fresh(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => Some(Self::sqlite()),
            Engine::Postgres => Self::postgres(),
        }
    }

    /// A database without any table.
    pub fn empty(engine: Engine) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        match engine {
            Engine::Sqlite => Some(Self { url: sqlite_url(&folder), folder, postgres_name: None }),
            Engine::Postgres => {
                let server = postgres::server()?;
                let name = next_name();
                execute(server.admin_url(), &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
                Some(Self { url: server.url_of(&name), folder, postgres_name: Some(name) })
            }
        }
    }

    /// A connection of one's own, beside the pools of the server.
    pub fn connect(&self) -> DbConnection {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => DbConnection::Sqlite(Connection::establish(path).unwrap()),
            None => DbConnection::Postgres(Connection::establish(&self.url).unwrap()),
        }
    }

    /// A folder that lives as long as the database.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn sqlite() -> Self {
        let (_, template) = SQLITE_TEMPLATE.get_or_init(|| {
            let folder = TempDir::new().unwrap();
            migrate(&sqlite_url(&folder));
            let file = folder.path().join("pilots.sqlite3");
            (folder, file)
        });
        let folder = TempDir::new().unwrap();
        std::fs::copy(template, folder.path().join("pilots.sqlite3")).unwrap();
        Self { url: sqlite_url(&folder), folder, postgres_name: None }
    }

    fn postgres() -> Option<Self> {
        let server = postgres::server()?;
        let template = POSTGRES_TEMPLATE.get_or_init(|| {
            let name = format!("{}_template", next_name());
            execute(server.admin_url(), &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
            migrate(&server.url_of(&name));
            name
        });
        let name = next_name();
        execute(server.admin_url(), &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Some(Self { url: server.url_of(&name), folder: TempDir::new().unwrap(), postgres_name: Some(name) })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.postgres_name, postgres::server())
            && let Ok(mut connection) = PgConnection::establish(server.admin_url())
        {
            // Best effort: a server of our own goes away as a whole.
            let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn next_name() -> String {
    format!("pilots_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst))
}

fn sqlite_url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("pilots.sqlite3").display())
}

pub fn migrate(url: &str) {
    let url = DatabaseUrl::parse(url).unwrap();
    migrations::up(&url, |connection| seed(connection, &Clock::system())).unwrap();
}

fn execute(url: &str, statement: &str) {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::sql_query(statement).execute(&mut connection).unwrap();
}
