//! Many rows in one statement, from one JSON text: what an import needs. Part of [`super::dialect`].

use diesel::{
    QueryResult, RunQueryDsl,
    sql_types::{Text, Timestamp as SqlTimestamp},
};
use serde_json::Value;

use super::{DbConnection, dialect::TextIndex};
use crate::platform::clock::Timestamp;

/// How a column of a batch is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text or null.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Flag,
}

/// Rows of a table as JSON arrays, in the order of the columns. The first column is the key. Names are ours.
pub struct Batch<'a> {
    /// The table.
    pub table: &'a str,
    /// Names and types.
    pub columns: &'a [(&'a str, ColumnType)],
    /// One array a row.
    pub rows: &'a [Value],
}

/// The rows as something to select from; the JSON text is parameter `number`. To SQLite `$1` is a name, and names are
/// counted as they appear, so statements mention their parameters in order.
fn source(connection: &DbConnection, columns: &[(&str, ColumnType)], number: u8) -> String {
    let columns: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(index, (name, kind))| match (connection, kind) {
            (DbConnection::Sqlite(_), _) => format!("json_extract(value, '$[{index}]') AS {name}"),
            (DbConnection::Postgres(_), ColumnType::Text) => format!("item->>{index} AS {name}"),
            (DbConnection::Postgres(_), ColumnType::Integer) => format!("CAST(item->>{index} AS bigint) AS {name}"),
            (DbConnection::Postgres(_), ColumnType::Flag) => format!("CAST(item->>{index} AS boolean) AS {name}"),
        })
        .collect();
    let from = match connection {
        DbConnection::Sqlite(_) => format!("json_each(${number})"),
        DbConnection::Postgres(_) => format!("json_array_elements(CAST(${number} AS json)) AS item"),
    };
    format!("SELECT {} FROM {from}", columns.join(", "))
}

fn json(value: &impl serde::Serialize) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

/// Inserts rows at version 1.
///
/// # Errors
/// Those of the database.
pub fn insert_rows(connection: &mut DbConnection, batch: &Batch<'_>, now: Timestamp) -> QueryResult<usize> {
    let names: Vec<&str> = batch.columns.iter().map(|(name, _)| *name).collect();
    let (names, source) = (names.join(", "), source(connection, batch.columns, 2));
    let table = batch.table;
    diesel::sql_query(format!(
        "INSERT INTO {table} ({names}, version, created_at, updated_at) SELECT {names}, 1, $1, $1 FROM ({source}) AS rows"
    ))
    .bind::<SqlTimestamp, _>(now)
    .bind::<Text, _>(json(&batch.rows)?)
    .execute(connection)
}

/// Updates rows by their key, within a scheme if the table has several.
///
/// # Errors
/// Those of the database.
pub fn update_rows(
    connection: &mut DbConnection,
    batch: &Batch<'_>,
    scheme: Option<&str>,
    now: Timestamp,
) -> QueryResult<usize> {
    let Some(((key, _), columns)) = batch.columns.split_first() else { return Ok(0) };
    let sets: Vec<String> = columns.iter().map(|(name, _)| format!("{name} = rows.{name}")).collect();
    let (table, sets, source) = (batch.table, sets.join(", "), source(connection, batch.columns, 2));
    let within = if scheme.is_some() { format!(" AND {table}.scheme = $3") } else { " AND $3 = $3".to_owned() };
    diesel::sql_query(format!(
        "UPDATE {table} SET {sets}, version = {table}.version + 1, updated_at = $1 FROM ({source}) AS rows \
         WHERE {table}.{key} = rows.{key}{within}"
    ))
    .bind::<SqlTimestamp, _>(now)
    .bind::<Text, _>(json(&batch.rows)?)
    .bind::<Text, _>(scheme.unwrap_or_default())
    .execute(connection)
}

/// Drops the words of these records.
///
/// # Errors
/// Those of the database.
pub fn drop_words(connection: &mut DbConnection, index: &TextIndex, keys: &[&str]) -> QueryResult<usize> {
    let rows: Vec<[&str; 1]> = keys.iter().map(|key| [*key]).collect();
    let source = source(connection, &[("id", ColumnType::Text)], 1);
    let (words, key) = index.names();
    diesel::sql_query(format!("DELETE FROM {words} WHERE {key} IN ({source})"))
        .bind::<Text, _>(json(&rows)?)
        .execute(connection)
}

/// Inserts the words of records that have none, `(key, words between spaces)`.
///
/// # Errors
/// Those of the database.
pub fn insert_words(connection: &mut DbConnection, index: &TextIndex, rows: &[(String, String)]) -> QueryResult<usize> {
    let (words, key) = index.names();
    let source = source(connection, &[("id", ColumnType::Text), ("body", ColumnType::Text)], 1);
    diesel::sql_query(format!("INSERT INTO {words} ({key}, body) SELECT id, body FROM ({source}) AS rows"))
        .bind::<Text, _>(json(&rows)?)
        .execute(connection)
}

#[derive(diesel::QueryableByName)]
struct PilotOf {
    #[diesel(sql_type = Text)]
    pilot_id: String,
}

/// The pilots that are filed under any of these organisations.
///
/// # Errors
/// Those of the database.
pub fn pilots_below(connection: &mut DbConnection, organisations: &[&str]) -> QueryResult<Vec<String>> {
    let rows: Vec<[&str; 1]> = organisations.iter().map(|id| [*id]).collect();
    let source = source(connection, &[("id", ColumnType::Text)], 1);
    let found: Vec<PilotOf> = diesel::sql_query(format!(
        "SELECT DISTINCT pilot_id FROM pilot_facets WHERE kind = 'organisation' AND value IN ({source})"
    ))
    .bind::<Text, _>(json(&rows)?)
    .load(connection)?;
    Ok(found.into_iter().map(|row| row.pilot_id).collect())
}

/// Files these pilots anew under their organisation and all above it, after the tree has changed.
///
/// # Errors
/// Those of the database.
pub fn refile_pilots(connection: &mut DbConnection, pilots: &[String]) -> QueryResult<()> {
    let rows: Vec<[&str; 1]> = pilots.iter().map(|id| [id.as_str()]).collect();
    let (rows, source) = (json(&rows)?, source(connection, &[("id", ColumnType::Text)], 1));
    diesel::sql_query(format!("DELETE FROM pilot_facets WHERE kind = 'organisation' AND pilot_id IN ({source})"))
        .bind::<Text, _>(rows.clone())
        .execute(connection)?;
    diesel::sql_query(format!(
        "WITH RECURSIVE above (pilot_id, at, id) AS ( \
             SELECT pilots.id, pilots.updated_at, pilots.organisation_id FROM pilots WHERE pilots.id IN ({source}) \
             UNION ALL \
             SELECT above.pilot_id, above.at, next.parent_id FROM above JOIN organisations AS next ON next.id = above.id \
             WHERE next.parent_id IS NOT NULL) \
         INSERT INTO pilot_facets (pilot_id, pilot_updated_at, kind, value) \
         SELECT pilot_id, at, 'organisation', id FROM above"
    ))
    .bind::<Text, _>(rows)
    .execute(connection)?;
    Ok(())
}
