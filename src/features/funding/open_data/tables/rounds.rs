//! The rounds of all funds.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
use crate::{
    features::funding::rounds::RoundRow,
    platform::{
        db::{DbConnection, schema::funding_rounds},
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "fund_id",
    "number",
    "theme_bn",
    "theme_en",
    "status",
    "opens_at",
    "closes_at",
    "smallest_award",
    "largest_award",
    "release_on",
    "released_at",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen =
        funding_rounds::table.order(funding_rounds::id).limit(AT_ONCE).select(RoundRow::as_select()).into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_rounds::id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(funding_rounds::id.gt(id));
    }
    let rows: Vec<RoundRow> = chosen.load(connection)?;
    Ok(paged(
        rows,
        |row| After(row.id.to_string(), 0),
        |row| {
            vec![
                row.id.to_string(),
                row.fund_id.to_string(),
                row.number.to_string(),
                csv::maybe(row.theme_bn),
                csv::maybe(row.theme_en),
                row.status.as_str().to_owned(),
                row.opens_at.to_string(),
                row.closes_at.to_string(),
                csv::taka(row.smallest_award),
                csv::taka(row.largest_award),
                row.release_on.to_string(),
                csv::plain(row.released_at),
            ]
        },
    ))
}
