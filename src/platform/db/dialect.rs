//! The only place where the two engines are told apart in a query.

use diesel::{
    QueryResult, RunQueryDsl,
    dsl::sql,
    expression::{AsExpression, SqlLiteral, UncheckedBind},
    sql_types::{BigInt, Bool, Text, Timestamp as SqlTimestamp},
};

use super::DbConnection;
use crate::platform::clock::Timestamp;

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

/// A condition in SQL with one bound text.
pub type TextCondition = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

/// A condition on `pilots`: its text holds all these words, the last one perhaps only begun. The words are those of
/// [`crate::platform::text::search_words`], so they hold no quote and no operator.
pub fn pilot_text_matches(connection: &DbConnection, words: &[String]) -> TextCondition {
    match connection {
        DbConnection::Sqlite(_) => {
            let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            sql::<Bool>("pilots.id IN (SELECT pilot_id FROM pilot_search WHERE pilot_search MATCH ")
                .bind::<Text, _>(format!("body : ({} *)", terms.join(" AND ")))
                .sql(")")
        }
        DbConnection::Postgres(_) => {
            let terms: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            sql::<Bool>(
                "pilots.id IN (SELECT pilot_id FROM pilot_search \
                 WHERE array_to_tsvector(string_to_array(body, ' ')) @@ CAST(",
            )
            .bind::<Text, _>(format!("{}:*", terms.join(" & ")))
            .sql(" AS tsquery))")
        }
    }
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
