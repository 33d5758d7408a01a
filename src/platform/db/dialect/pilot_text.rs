//! The search for pilots by words, so that its cost does not grow with the number of pilots.
//!
//! Neither engine gives the matches of a word in an order in which one could stop at the end of a page. So each word
//! stands in the index also behind the beginning of the pilot's id, which is its time: asked for that way, the index
//! gives the matches of some hours, days or weeks alone. A search begins with the stretch that holds some hundred
//! pilots, next to where the page begins, and takes a longer one as long as the page is not full.

use diesel::{
    QueryResult, QueryableByName, RunQueryDsl,
    dsl::sql,
    sql_types::{BigInt, Bool, Text},
};

use super::{
    super::{DbConnection, statement::statement},
    text_index::TextCondition,
};

/// The digits of an id that stand before a word, with the mark before them, from the shortest stretch of time to the
/// longest: 16^6 ms are 4.7 hours, each digit less is 16 times that. The migration `words_by_time` writes them.
const STEPS: [(usize, char); 3] = [(6, '\u{e006}'), (5, '\u{e005}'), (4, '\u{e004}')];
/// About as many pilots are in the first stretch of a search.
const NEAR: i64 = 200;
/// So many pieces of the first stretch are asked for at once.
const MOST_PIECES: u64 = 4;
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
    let (from, query) = match connection {
        DbConnection::Sqlite(_) => (
            "pilot_search CROSS JOIN pilot_words ON number = pilot_search.rowid WHERE pilot_search MATCH ?",
            fts5_query(&Stretch::Always, words),
        ),
        DbConnection::Postgres(_) => {
            ("pilot_words WHERE pilot_terms(body, pilot_id) @@ CAST(? AS tsquery)", tsquery(&Stretch::Always, words))
        }
    };
    let found: Vec<Match> = statement(format!("SELECT pilot_id AS id FROM {from} LIMIT ?"))
        .bind::<Text, _>(query)
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
    let Some(near) = Near::find(connection, descending, after)? else { return Ok(Vec::new()) };
    for stretch in near.stretches() {
        let found = matches_within(connection, &stretch, words, descending, after, limit)?;
        if found.len() >= limit || near.is_all_within(&stretch) {
            return Ok(found);
        }
    }
    matches_within(connection, &Stretch::Always, words, descending, after, limit)
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
    // MATERIALIZED and CROSS JOIN: the index of words comes first, whatever the planner thinks of it.
    let (text, query) = match connection {
        DbConnection::Sqlite(_) => (
            format!(
                "SELECT pilot_id AS id FROM pilot_search CROSS JOIN pilot_words ON number = pilot_search.rowid \
                 WHERE pilot_search MATCH ? AND pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?"
            ),
            fts5_query(stretch, words),
        ),
        DbConnection::Postgres(_) => (
            format!(
                "WITH found AS MATERIALIZED \
                     (SELECT pilot_id FROM pilot_words WHERE pilot_terms(body, pilot_id) @@ CAST(? AS tsquery)) \
                 SELECT pilot_id AS id FROM found WHERE pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?"
            ),
            tsquery(stretch, words),
        ),
    };
    let found: Vec<Match> = statement(text)
        .bind::<Text, _>(query)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(connection)?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

fn direction(descending: bool) -> (&'static str, &'static str) {
    if descending { ("<", "DESC") } else { (">", "ASC") }
}

/// The pilots next to where a page begins.
struct Near {
    first: String,
    last: String,
    /// No more pilots follow.
    is_end: bool,
}

#[derive(QueryableByName)]
struct NearRow {
    #[diesel(sql_type = Text)]
    lowest: String,
    #[diesel(sql_type = Text)]
    highest: String,
    #[diesel(sql_type = BigInt)]
    pilots: i64,
}

impl Near {
    fn find(connection: &mut DbConnection, descending: bool, after: &str) -> QueryResult<Option<Self>> {
        let (compare, order) = direction(descending);
        let row: NearRow = statement(format!(
            "SELECT coalesce(min(id), '') AS lowest, coalesce(max(id), '') AS highest, count(*) AS pilots FROM \
             (SELECT pilot_id AS id FROM pilot_words WHERE pilot_id {compare} ? ORDER BY pilot_id {order} LIMIT ?) AS near"
        ))
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(NEAR)
        .get_result(connection)?;
        if row.pilots == 0 {
            return Ok(None);
        }
        let (first, last) = if descending { (row.highest, row.lowest) } else { (row.lowest, row.highest) };
        Ok(Some(Self { first, last, is_end: row.pilots < NEAR }))
    }

    /// What to ask for, one after the other: first the pieces that hold these pilots, then two of each longer kind.
    fn stretches(&self) -> impl Iterator<Item = Stretch> {
        let mut found_first = false;
        STEPS.into_iter().filter_map(move |(digits, mark)| {
            let (first, last) = (piece(&self.first, digits)?, piece(&self.last, digits)?);
            let to = if found_first {
                if self.last < self.first { first.saturating_sub(1) } else { first.saturating_add(1) }
            } else if first.abs_diff(last) < MOST_PIECES {
                found_first = true;
                last
            } else {
                return None;
            };
            Some(Stretch::Within { digits, mark, from: first.min(to), to: first.max(to) })
        })
    }

    /// Whether nothing is beyond the stretch.
    fn is_all_within(&self, stretch: &Stretch) -> bool {
        match stretch {
            Stretch::Always => true,
            Stretch::Within { digits, from, to, .. } => {
                self.is_end && piece(&self.last, *digits).is_some_and(|last| (*from..=*to).contains(&last))
            }
        }
    }
}

/// The number that the first digits of an id are.
fn piece(id: &str, digits: usize) -> Option<u64> {
    u64::from_str_radix(id.get(..digits)?, 16).ok()
}

/// A time in which the pilots were created.
enum Stretch {
    Always,
    /// Where the first `digits` of their ids are from one number to another.
    Within {
        digits: usize,
        mark: char,
        from: u64,
        to: u64,
    },
}

impl Stretch {
    /// What stands before a word in each piece.
    fn before_words(&self) -> Vec<String> {
        match self {
            Self::Always => vec![String::new()],
            Self::Within { digits, mark, from, to } => {
                (*from..=*to).map(|piece| format!("{mark}{piece:0digits$x}")).collect()
            }
        }
    }
}

/// All words, the last one as a prefix, for FTS5.
fn fts5_query(stretch: &Stretch, words: &[String]) -> String {
    let within = |before: String| {
        let terms: Vec<String> = words.iter().map(|word| format!("\"{before}{word}\"")).collect();
        format!("({} *)", terms.join(" AND "))
    };
    stretch.before_words().into_iter().map(within).collect::<Vec<_>>().join(" OR ")
}

/// All words, the last one as a prefix, for a `tsquery`.
fn tsquery(stretch: &Stretch, words: &[String]) -> String {
    let within = |before: String| {
        let terms: Vec<String> = words.iter().map(|word| format!("'{before}{word}'")).collect();
        format!("({}:*)", terms.join(" & "))
    };
    stretch.before_words().into_iter().map(within).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(first: &str, last: &str) -> Near {
        Near { first: first.to_owned(), last: last.to_owned(), is_end: false }
    }

    fn pieces(near: &Near) -> Vec<Vec<String>> {
        near.stretches().map(|stretch| stretch.before_words()).collect()
    }

    #[test]
    fn a_search_begins_with_the_shortest_pieces_that_hold_enough() {
        let latest_first = near("0192f0c1-7c1e", "0192f0bf-0000");
        assert_eq!(
            pieces(&latest_first),
            [
                vec!["\u{e006}0192f0".to_owned()],
                vec!["\u{e005}0192e".to_owned(), "\u{e005}0192f".to_owned()],
                vec!["\u{e004}0191".to_owned(), "\u{e004}0192".to_owned()]
            ]
        );
        let sparse = near("0192f0c1-7c1e", "01900000-0000");
        assert_eq!(pieces(&sparse), [["\u{e004}0190", "\u{e004}0191", "\u{e004}0192"].map(str::to_owned)]);
        assert!(pieces(&near("0192f0c1-7c1e", "01500000-0000")).is_empty());
        let oldest_first = near("0192f0c1-7c1e", "0192f3c1-7c1e");
        assert_eq!(pieces(&oldest_first)[0].len(), 4);
    }

    #[test]
    fn each_piece_asks_for_all_words() {
        let words = ["animal".to_owned(), "cam".to_owned()];
        let stretch = Stretch::Within { digits: 4, mark: 'x', from: 0x191, to: 0x192 };
        assert_eq!(tsquery(&stretch, &words), "('x0191animal' & 'x0191cam':*) | ('x0192animal' & 'x0192cam':*)");
        assert_eq!(fts5_query(&Stretch::Always, &words), "(\"animal\" AND \"cam\" *)");
    }
}
