//! The search for pilots by words, so that its cost does not grow with the number of pilots.
//!
//! Neither engine gives the matches of a word in an order in which one could stop at the end of a page. So each word
//! stands in the index also behind the beginning of the pilot's id, which is its time: asked for that way, the index
//! gives the matches of some hours, days or weeks alone. A search goes through the pilots by such stretches ([`walk`]) until
//! the page is full.

mod walk;

use diesel::{
    QueryResult, QueryableByName, RunQueryDsl,
    dsl::sql,
    sql_types::{BigInt, Bool, Nullable, Text},
};

use self::walk::{Stretch, Walk};
use super::{
    super::{DbConnection, statement::statement},
    text_index::TextCondition,
};

/// About as many pilots are in the first stretch of a search.
const NEAR: i64 = 200;
/// Up to so many matches of the whole words are asked for the begun one themselves.
const FEW: i64 = 128;
/// Ids begin with digits below this.
const AFTER_ALL: &str = "z";

#[derive(QueryableByName)]
struct Match {
    #[diesel(sql_type = Text)]
    id: String,
}

/// A condition on `pilots`, read in whatever order: asks each for one word.
pub fn contains(connection: &DbConnection, word: &str, is_whole: bool) -> TextCondition {
    let position = match connection {
        DbConnection::Sqlite(_) => "instr",
        DbConnection::Postgres(_) => "strpos",
    };
    sql::<Bool>(&format!(
        "EXISTS (SELECT 1 FROM pilot_words WHERE pilot_words.pilot_id = pilots.id AND {position}(' ' || body || ' ', "
    ))
    .bind::<Text, _>(if is_whole { format!(" {word} ") } else { format!(" {word}") })
    .sql(") > 0)")
}

/// Pilots whose text holds all these words, at most `limit`, in no order.
///
/// # Errors
/// Those of the database.
pub fn any_matches(connection: &mut DbConnection, words: &[String], limit: i64) -> QueryResult<Vec<String>> {
    let from = match connection {
        DbConnection::Sqlite(_) => {
            "pilot_search CROSS JOIN pilot_words ON number = pilot_search.rowid WHERE pilot_search MATCH ?"
        }
        DbConnection::Postgres(_) => "pilot_words WHERE pilot_terms(body, pilot_id) @@ CAST(? AS tsquery)",
    };
    let found: Vec<Match> = statement(format!("SELECT pilot_id AS id FROM {from} LIMIT ?"))
        .bind::<Text, _>(query(connection, &Stretch::Rest, words, true))
        .bind::<BigInt, _>(limit)
        .load(connection)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

/// The first pilots whose text holds all these words, in the order of creation, after the pilot `after`.
///
/// # Errors
/// Those of the database.
pub fn first_matches(
    connection: &mut DbConnection,
    words: &[String],
    descending: bool,
    after: Option<&str>,
    limit: usize,
) -> QueryResult<Vec<String>> {
    let after = after.unwrap_or(if descending { AFTER_ALL } else { "" });
    let mut after = after.to_owned();
    let Some(mut walk) = walk_from(connection, descending, &after)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    while found.len() < limit
        && let Some((stretch, bound)) = walk.next(found.len(), limit)
    {
        let missing = limit - found.len();
        found.extend(matches_within(connection, &stretch, words, descending, &after, missing)?);
        after = bound;
    }
    Ok(found)
}

#[derive(QueryableByName)]
struct Near {
    #[diesel(sql_type = Nullable<Text>)]
    lowest: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    highest: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last: Option<String>,
}

/// The way through the pilots after `after`; none when there are none.
fn walk_from(connection: &mut DbConnection, descending: bool, after: &str) -> QueryResult<Option<Walk>> {
    let (compare, order) = direction(descending);
    let end = if descending { "min" } else { "max" };
    let near: Near = statement(format!(
        "SELECT min(id) AS lowest, max(id) AS highest, (SELECT {end}(pilot_id) FROM pilot_words) AS last FROM \
         (SELECT pilot_id AS id FROM pilot_words WHERE pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?) AS near"
    ))
    .bind::<Text, _>(after)
    .bind::<BigInt, _>(NEAR)
    .get_result(connection)?;
    let Near { lowest: Some(lowest), highest: Some(highest), last: Some(last) } = near else { return Ok(None) };
    let (first, near) = if descending { (highest, lowest) } else { (lowest, highest) };
    Ok(Walk::new(descending, &first, &near, &last))
}

fn matches_within(
    connection: &mut DbConnection,
    stretch: &Stretch,
    words: &[String],
    descending: bool,
    after: &str,
    limit: usize,
) -> QueryResult<Vec<String>> {
    let (compare, order) = direction(descending);
    let few = few_whole_words(connection, stretch, words)?;
    // MATERIALIZED and CROSS JOIN: the index of words comes first, whatever the planner thinks of it.
    let text = match connection {
        DbConnection::Sqlite(_) => {
            let holds_begun = if few.is_some() { "AND instr(' ' || body, ?) > 0" } else { "" };
            format!(
                "SELECT pilot_id AS id FROM pilot_search CROSS JOIN pilot_words ON number = pilot_search.rowid \
                 WHERE pilot_search MATCH ? {holds_begun} AND pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?"
            )
        }
        DbConnection::Postgres(_) => format!(
            "WITH found AS MATERIALIZED \
                 (SELECT pilot_id FROM pilot_words WHERE pilot_terms(body, pilot_id) @@ CAST(? AS tsquery)) \
             SELECT pilot_id AS id FROM found WHERE pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?"
        ),
    };
    let mut asked = statement(text);
    asked = match few {
        Some((query, begun)) => asked.bind::<Text, _>(query).bind::<Text, _>(begun),
        None => asked.bind::<Text, _>(query(connection, stretch, words, true)),
    };
    let found: Vec<Match> =
        asked.bind::<Text, _>(after).bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX)).load(connection)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

fn direction(descending: bool) -> (&'static str, &'static str) {
    if descending { ("<", "DESC") } else { (">", "ASC") }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    matches: i64,
}

/// FTS5 collects all that the begun word matches before it compares. Where the whole words have few matches in a long
/// stretch, it is not asked of the index: the query for the whole words then, and what the text has to hold besides.
/// PostgreSQL counts no faster than it searches, so there it is never done.
fn few_whole_words(
    connection: &mut DbConnection,
    stretch: &Stretch,
    words: &[String],
) -> QueryResult<Option<(String, String)>> {
    let DbConnection::Sqlite(_) = connection else { return Ok(None) };
    let Some((begun, whole)) = words.split_last().filter(|(_, whole)| !whole.is_empty() && stretch.is_long()) else {
        return Ok(None);
    };
    let query = query(connection, stretch, whole, false);
    let counted: Counted = statement(
        "SELECT count(*) AS matches FROM (SELECT 1 FROM pilot_search WHERE pilot_search MATCH ? LIMIT ?) AS few",
    )
    .bind::<Text, _>(query.as_str())
    .bind::<BigInt, _>(FEW)
    .get_result(connection)?;
    Ok((counted.matches < FEW).then(|| (query, format!(" {begun}"))))
}

/// All words in any of the pieces, in the language of the engine's index; the last one only begun, or whole too.
fn query(connection: &DbConnection, stretch: &Stretch, words: &[String], is_begun: bool) -> String {
    let (quote, and, or, begun) = match connection {
        DbConnection::Sqlite(_) => ('"', " AND ", " OR ", " *"),
        DbConnection::Postgres(_) => ('\'', " & ", " | ", ":*"),
    };
    let within = |before: String| {
        let terms: Vec<String> = words.iter().map(|word| format!("{quote}{before}{word}{quote}")).collect();
        format!("({}{})", terms.join(and), if is_begun { begun } else { "" })
    };
    stretch.before_words().into_iter().map(within).collect::<Vec<_>>().join(or)
}
