//! Full-text search of either engine over words that we cut ourselves.

use diesel::{
    QueryResult, RunQueryDsl,
    dsl::sql,
    expression::{AsExpression, SqlLiteral, UncheckedBind},
    sql_types::{Bool, Text},
};

use super::super::{
    DbConnection,
    statement::{Statement, statement},
};

/// A condition in SQL with one bound text.
pub type TextCondition = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

/// A table of words that records are found by. The words given to its functions are those of
/// [`crate::platform::text::search_words`], so they hold no quote and no operator; the last one may be only begun.
pub struct TextIndex {
    records: &'static str,
    id: &'static str,
    words: &'static str,
    index: &'static str,
    key: &'static str,
}

/// The words of pilots, which [`super::pilot_text`] looks in.
pub const PILOT_TEXT: TextIndex =
    TextIndex { records: "pilots", id: "id", words: "pilot_words", index: "pilot_search", key: "pilot_id" };
/// The words of organisations.
pub const ORGANISATION_TEXT: TextIndex = TextIndex {
    records: "organisations",
    id: "id",
    words: "organisation_words",
    index: "organisation_search",
    key: "organisation_id",
};
/// The words of services.
pub const SERVICE_TEXT: TextIndex =
    TextIndex { records: "services", id: "id", words: "service_words", index: "service_search", key: "service_id" };

/// The words of upazilas.
pub const UPAZILA_TEXT: TextIndex =
    TextIndex { records: "codes", id: "code", words: "upazila_words", index: "upazila_search", key: "code" };

/// The words of people.
pub const USER_TEXT: TextIndex =
    TextIndex { records: "users", id: "id", words: "user_words", index: "user_search", key: "user_id" };

impl TextIndex {
    /// The table of the words, and its column for the record.
    pub(in crate::platform::db) const fn names(&self) -> (&'static str, &'static str) {
        (self.words, self.key)
    }

    /// A condition on the records: their text holds all these words. Every match is collected before anything else is
    /// asked of it, so this is for tables of thousands. No word finds nothing.
    pub fn matches(&self, connection: &DbConnection, words: &[String]) -> TextCondition {
        if words.is_empty() {
            return sql::<Bool>("'' <> ").bind::<Text, _>(String::new()).sql("");
        }
        let Self { records, id, words: table, index, key } = self;
        match connection {
            DbConnection::Sqlite(_) => sql::<Bool>(&format!(
                "{records}.{id} IN (SELECT {key} FROM {table} WHERE number IN (SELECT rowid FROM {index} WHERE {index} MATCH "
            ))
            .bind::<Text, _>(sqlite_query(words))
            .sql("))"),
            DbConnection::Postgres(_) => sql::<Bool>(&format!(
                "{records}.{id} IN (SELECT {key} FROM {table} \
                 WHERE array_to_tsvector(string_to_array(body, ' ')) @@ CAST("
            ))
            .bind::<Text, _>(postgres_query(words))
            .sql(" AS tsquery))"),
        }
    }

    /// Replaces the words by which a record is found.
    ///
    /// # Errors
    /// Those of the database.
    pub fn put(&self, connection: &mut DbConnection, id: &str, words: &[String]) -> QueryResult<()> {
        self.putting(id, words).execute(connection)?;
        Ok(())
    }

    /// The statement of [`TextIndex::put`].
    pub fn putting(&self, id: &str, words: &[String]) -> Statement<'static> {
        let Self { words: table, key, .. } = self;
        let replacing =
            format!(" ON CONFLICT ({key}) DO UPDATE SET body = excluded.body WHERE {table}.body <> excluded.body");
        self.inserting(&replacing, id, words)
    }

    /// The words of a record that is new.
    pub fn adding(&self, id: &str, words: &[String]) -> Statement<'static> {
        self.inserting("", id, words)
    }

    fn inserting(&self, otherwise: &str, id: &str, words: &[String]) -> Statement<'static> {
        let Self { words: table, key, .. } = self;
        statement(format!("INSERT INTO {table} ({key}, body) VALUES (?, ?){otherwise}"))
            .bind::<Text, _>(id.to_owned())
            .bind::<Text, _>(words.join(" "))
    }
}

/// All words, the last one as a prefix, for FTS5.
fn sqlite_query(words: &[String]) -> String {
    let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{} *", terms.join(" AND "))
}

/// All words, the last one as a prefix, for a `tsquery`.
fn postgres_query(words: &[String]) -> String {
    let terms: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("{}:*", terms.join(" & "))
}
