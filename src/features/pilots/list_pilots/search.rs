//! Search, so that its cost follows the page and not the number of matches.
//!
//! Matches are taken from the index of words, the first ones first, and the filters are asked of each. If many have been
//! taken and the filters left too few, the word is common and the filters are narrow: then the list in its own order is
//! read, and each record is asked for the word.

use super::{
    Audience, Filters, Stream,
    fetch::{self, SummaryRow, Text},
};
use crate::{
    features::pilots::PilotId,
    platform::{
        db::{DbConnection, dialect::pilot_text},
        error::AppError,
        web::{cursor::Cursor, page::Slice},
    },
};

/// A word with more matches than this is common.
const MOST_CANDIDATES: usize = 2048;

/// One page more one row, in order.
///
/// # Errors
/// `InvalidCursor`; those of the database.
pub fn fetch(
    connection: &mut DbConnection,
    streams: &[Stream],
    filters: &Filters,
    slice: &Slice,
) -> Result<Vec<SummaryRow>, AppError> {
    if filters.words.is_empty() {
        return fetch::fetch(connection, streams, filters, Text::Any, slice);
    }
    if filters.sort.by_update {
        by_update(connection, streams, filters, slice)
    } else {
        by_creation(connection, streams, filters, slice)
    }
}

/// How many match, at most `most`.
///
/// # Errors
/// Those of the database.
pub fn count(connection: &mut DbConnection, streams: &[Stream], filters: &Filters, most: i64) -> Result<i64, AppError> {
    if filters.words.is_empty() {
        return fetch::count(connection, streams, filters, Text::Any, most);
    }
    let found = parse(pilot_text::any_matches(connection, &filters.words, most)?)?;
    let text = if i64::try_from(found.len()).is_ok_and(|found| found < most) {
        Text::Among(&found)
    } else {
        Text::Containing(&filters.words)
    };
    fetch::count(connection, streams, filters, text, most)
}

/// Matches come in this order from the index, so they are taken in growing parts until the page is full.
fn by_creation(
    connection: &mut DbConnection,
    streams: &[Stream],
    filters: &Filters,
    slice: &Slice,
) -> Result<Vec<SummaryRow>, AppError> {
    let wanted = usize::try_from(slice.fetch()).unwrap_or(usize::MAX);
    let mut rows: Vec<SummaryRow> = Vec::new();
    let mut rest = slice.clone();
    let mut part = if shows_all(streams, filters) { wanted } else { wanted.saturating_mul(2).min(MOST_CANDIDATES) };
    let mut taken = 0;
    while taken < MOST_CANDIDATES {
        let after = rest.after.as_ref().map(|cursor| cursor.id.as_str());
        let found = pilot_text::first_matches(connection, &filters.words, filters.sort.descending, after, part)?;
        let found = parse(found)?;
        rows.extend(fetch::fetch(connection, streams, filters, Text::Among(&found), &rest)?);
        taken += found.len();
        if rows.len() >= wanted || found.len() < part {
            rows.truncate(wanted);
            return Ok(rows);
        }
        rest.after = found.last().map(|id| Cursor { key: String::new(), id: id.to_string() });
        part = (part * 4).min(MOST_CANDIDATES);
    }
    rows.extend(fetch::fetch(connection, streams, filters, Text::Containing(&filters.words), &rest)?);
    rows.truncate(wanted);
    Ok(rows)
}

/// Whether every match is on the list, as far as that is told easily.
fn shows_all(streams: &[Stream], filters: &Filters) -> bool {
    matches!(streams, [Stream { audience: Audience::Staff, status: None, phase: None }]) && filters.facets.is_empty()
}

/// The index knows nothing of this order: all matches, or the list itself.
fn by_update(
    connection: &mut DbConnection,
    streams: &[Stream],
    filters: &Filters,
    slice: &Slice,
) -> Result<Vec<SummaryRow>, AppError> {
    let most = i64::try_from(MOST_CANDIDATES).unwrap_or(i64::MAX);
    let found = parse(pilot_text::any_matches(connection, &filters.words, most)?)?;
    let text = if found.len() < MOST_CANDIDATES { Text::Among(&found) } else { Text::Containing(&filters.words) };
    fetch::fetch(connection, streams, filters, text, slice)
}

fn parse(found: Vec<String>) -> Result<Vec<PilotId>, AppError> {
    found.iter().map(|id| PilotId::parse(id).ok_or_else(|| AppError::internal("a match is no pilot"))).collect()
}
