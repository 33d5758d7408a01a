//! The only place where the two engines are told apart in a query.

use diesel::{
    QueryResult, RunQueryDsl,
    dsl::sql,
    expression::{AsExpression, SqlLiteral, UncheckedBind},
    sql_types::{BigInt, Bool, Text, Timestamp as SqlTimestamp},
};

use super::DbConnection;
pub use super::batch::{
    Batch, ColumnType, drop_words, insert_rows, insert_words, pilots_below, refile_pilots, update_rows,
};
use crate::platform::{clock::Timestamp, ids::OrganisationId};

/// Inserts the facets of a pilot, `(kind, value)` pairs, in one statement.
///
/// # Errors
/// Those of the database.
pub fn insert_facets(
    connection: &mut DbConnection,
    pilot_id: &str,
    updated_at: Timestamp,
    facets: &[(&'static str, String)],
) -> QueryResult<usize> {
    let pairs =
        serde_json::to_string(facets).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let statement = match connection {
        DbConnection::Sqlite(_) => {
            "INSERT INTO pilot_facets (pilot_id, pilot_updated_at, kind, value) \
             SELECT $1, $2, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($3)"
        }
        DbConnection::Postgres(_) => {
            "INSERT INTO pilot_facets (pilot_id, pilot_updated_at, kind, value) \
             SELECT $1, $2, pair->>0, pair->>1 FROM json_array_elements($3::json) AS pair"
        }
    };
    diesel::sql_query(statement)
        .bind::<Text, _>(pilot_id)
        .bind::<SqlTimestamp, _>(updated_at)
        .bind::<Text, _>(pairs)
        .execute(connection)
}

/// The backend of [`DbConnection`].
pub type Backend = <DbConnection as diesel::Connection>::Backend;

/// A condition in SQL with one bound text.
pub type TextCondition = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

/// A table of words that records are found by: full-text search of either engine.
pub struct TextIndex {
    records: &'static str,
    id: &'static str,
    words: &'static str,
    key: &'static str,
}

/// The words of pilots.
pub const PILOT_TEXT: TextIndex = TextIndex { records: "pilots", id: "id", words: "pilot_search", key: "pilot_id" };
/// The words of organisations.
pub const ORGANISATION_TEXT: TextIndex =
    TextIndex { records: "organisations", id: "id", words: "organisation_search", key: "organisation_id" };
/// The words of services.
pub const SERVICE_TEXT: TextIndex =
    TextIndex { records: "services", id: "id", words: "service_search", key: "service_id" };

/// The words of upazilas.
pub const UPAZILA_TEXT: TextIndex = TextIndex { records: "codes", id: "code", words: "upazila_search", key: "code" };

impl TextIndex {
    /// The table of the words, and its column for the record.
    pub(super) const fn names(&self) -> (&'static str, &'static str) {
        (self.words, self.key)
    }
}

/// A condition on the records of `index`: their text holds all these words, the last one perhaps only begun. The words
/// are those of [`crate::platform::text::search_words`], so they hold no quote and no operator. No word finds nothing.
pub fn text_matches(connection: &DbConnection, index: &TextIndex, words: &[String]) -> TextCondition {
    if words.is_empty() {
        return sql::<Bool>("'' <> ").bind::<Text, _>(String::new()).sql("");
    }
    let TextIndex { records, id, words: table, key } = index;
    match connection {
        DbConnection::Sqlite(_) => {
            let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            sql::<Bool>(&format!("{records}.{id} IN (SELECT {key} FROM {table} WHERE {table} MATCH "))
                .bind::<Text, _>(format!("body : ({} *)", terms.join(" AND ")))
                .sql(")")
        }
        DbConnection::Postgres(_) => {
            let terms: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            sql::<Bool>(&format!(
                "{records}.{id} IN (SELECT {key} FROM {table} \
                 WHERE array_to_tsvector(string_to_array(body, ' ')) @@ CAST("
            ))
            .bind::<Text, _>(format!("{}:*", terms.join(" & ")))
            .sql(" AS tsquery))")
        }
    }
}

/// Replaces the words by which a record is found.
///
/// # Errors
/// Those of the database.
pub fn put_words(connection: &mut DbConnection, index: &TextIndex, id: &str, words: &[String]) -> QueryResult<()> {
    let TextIndex { words: table, key, .. } = index;
    diesel::sql_query(format!("DELETE FROM {table} WHERE {key} = $1")).bind::<Text, _>(id).execute(connection)?;
    diesel::sql_query(format!("INSERT INTO {table} ({key}, body) VALUES ($1, $2)"))
        .bind::<Text, _>(id)
        .bind::<Text, _>(words.join(" "))
        .execute(connection)?;
    Ok(())
}

/// Inserts codes of one scheme, `[code, parent or null, Bangla, English, position]` each, in one statement.
///
/// # Errors
/// Those of the database.
pub fn insert_codes(
    connection: &mut DbConnection,
    scheme: &str,
    now: Timestamp,
    rows: &[(String, Option<String>, String, String, i64)],
) -> QueryResult<usize> {
    let rows = serde_json::to_string(rows).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let statement = match connection {
        DbConnection::Sqlite(_) => {
            "INSERT INTO codes (scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, \
             updated_at) SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
             json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'), TRUE, 1, $2, $2 \
             FROM json_each($3)"
        }
        DbConnection::Postgres(_) => {
            "INSERT INTO codes (scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, \
             updated_at) SELECT $1, item->>0, item->>1, item->>2, item->>3, (item->>4)::bigint, TRUE, 1, $2, $2 \
             FROM json_array_elements($3::json) AS item"
        }
    };
    diesel::sql_query(statement)
        .bind::<Text, _>(scheme)
        .bind::<SqlTimestamp, _>(now)
        .bind::<Text, _>(rows)
        .execute(connection)
}

#[derive(diesel::QueryableByName)]
struct InChain {
    #[diesel(sql_type = Text)]
    id: OrganisationId,
}

/// An organisation and all above it, nearest first; empty if there is no such organisation.
///
/// # Errors
/// Those of the database.
pub fn organisation_chain(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<Vec<OrganisationId>> {
    let rows: Vec<InChain> = diesel::sql_query(
        "WITH RECURSIVE chain (id, parent_id, depth) AS ( \
             SELECT id, parent_id, 0 FROM organisations WHERE id = $1 \
             UNION ALL \
             SELECT above.id, above.parent_id, chain.depth + 1 FROM chain JOIN organisations AS above \
             ON above.id = chain.parent_id) \
         SELECT id FROM chain ORDER BY depth",
    )
    .bind::<Text, _>(id)
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Who stands above an organisation, for the two statements below.
const ABOVE: &str = "WITH RECURSIVE above (id) AS ( \
     SELECT parent_id FROM organisations WHERE id = $1 AND parent_id IS NOT NULL \
     UNION ALL \
     SELECT next.parent_id FROM above JOIN organisations AS next ON next.id = above.id \
     WHERE next.parent_id IS NOT NULL)";

/// Before an organisation moves in the tree: its pilots, and those of all below it, are no longer found under those
/// above it.
///
/// # Errors
/// Those of the database.
pub fn detach_organisation_facets(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "{ABOVE} DELETE FROM pilot_facets WHERE kind = 'organisation' AND value IN (SELECT id FROM above) \
         AND pilot_id IN (SELECT pilot_id FROM pilot_facets WHERE kind = 'organisation' AND value = $1)"
    ))
    .bind::<Text, _>(id)
    .execute(connection)
}

/// After an organisation has moved: its pilots, and those of all below it, are found under those above it now.
///
/// # Errors
/// Those of the database.
pub fn attach_organisation_facets(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "{ABOVE} INSERT INTO pilot_facets (pilot_id, pilot_updated_at, kind, value) \
         SELECT pilot_id, pilot_updated_at, 'organisation', above.id FROM pilot_facets CROSS JOIN above \
         WHERE kind = 'organisation' AND value = $1"
    ))
    .bind::<Text, _>(id)
    .execute(connection)
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Takes the right to work on an idempotency key until the transaction ends; `false` when another instance has it.
/// On SQLite there is one writer, so the right is already held.
///
/// # Errors
/// Those of the database.
pub fn try_lock_key(connection: &mut DbConnection, key: &str) -> QueryResult<bool> {
    match connection {
        DbConnection::Sqlite(_) => Ok(true),
        DbConnection::Postgres(_) => {
            let digest = crate::platform::crypto::sha256_hex(key.as_bytes());
            let number = digest.get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or(0);
            let row: Locked = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS locked")
                .bind::<BigInt, _>(number)
                .get_result(connection)?;
            Ok(row.locked)
        }
    }
}
