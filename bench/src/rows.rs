//! Many rows in one statement, on either engine.

use diesel::{Connection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_types::Text};
use innovation_pilots::platform::db::DbConnection;
use serde_json::{Map, Value};

pub type Row = Map<String, Value>;
pub type Failure = Box<dyn std::error::Error>;

/// Rows a statement.
const AT_ONCE: usize = 2_000;

pub fn connect(url: &str) -> Result<DbConnection, Failure> {
    Ok(match url.strip_prefix("sqlite://") {
        Some(path) => DbConnection::Sqlite(Connection::establish(path)?),
        None => DbConnection::Postgres(Connection::establish(url)?),
    })
}

/// Filling may be lost; measuring happens on connections of the server's own.
pub fn make_fast(connection: &mut DbConnection) -> Result<(), Failure> {
    let statement = match connection {
        DbConnection::Sqlite(_) => {
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -3000000; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF; \
             INSERT INTO pilot_search (pilot_search, rank) VALUES ('hashsize', 1073741824)"
        }
        DbConnection::Postgres(_) => "SET synchronous_commit = off; SET session_replication_role = replica",
    };
    Ok(connection.batch_execute(statement)?)
}

/// The counts that the planners go by; and the debts of filling paid, which the first writes would pay otherwise: FTS5 merges
/// its parts by and by, and a fill in a hurry leaves large ones unmerged.
pub fn settle(connection: &mut DbConnection) -> Result<(), Failure> {
    let statement = match connection {
        // What FTS5 holds in memory before it writes is kept in the file: back to its default.
        DbConnection::Sqlite(_) => {
            "INSERT INTO pilot_search (pilot_search, rank) VALUES ('hashsize', 1048576); \
             INSERT INTO pilot_search (pilot_search) VALUES ('optimize'); PRAGMA wal_checkpoint(TRUNCATE)"
        }
        DbConnection::Postgres(_) => "VACUUM ANALYZE",
    };
    Ok(connection.batch_execute(statement)?)
}

pub fn insert(connection: &mut DbConnection, table: &str, rows: &[Row]) -> Result<(), Failure> {
    for part in rows.chunks(AT_ONCE) {
        let Some(first) = part.first() else { continue };
        let columns: Vec<&str> = first.keys().map(String::as_str).collect();
        let statement = match connection {
            DbConnection::Sqlite(_) => {
                let values: Vec<String> =
                    columns.iter().map(|column| format!("json_extract(value, '$.{column}')")).collect();
                format!("INSERT INTO {table} ({}) SELECT {} FROM json_each($1)", columns.join(", "), values.join(", "))
            }
            DbConnection::Postgres(_) => format!(
                "INSERT INTO {table} ({0}) SELECT {0} FROM json_populate_recordset(NULL::{table}, $1::json)",
                columns.join(", ")
            ),
        };
        diesel::sql_query(statement).bind::<Text, _>(serde_json::to_string(part)?).execute(connection)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct OneText {
    #[diesel(sql_type = Text)]
    value: String,
}

/// The column `value` of a query.
pub fn texts(connection: &mut DbConnection, query: &str) -> Result<Vec<String>, Failure> {
    let found: Vec<OneText> = diesel::sql_query(query).load(connection)?;
    Ok(found.into_iter().map(|row| row.value).collect())
}
