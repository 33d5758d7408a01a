//! The rounds of all funds.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, page_of, paged};
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
    let query = funding_rounds::table.select(RoundRow::as_select());
    let rows: Vec<RoundRow> = page_of!(
        connection,
        query,
        funding_rounds::id,
        after,
        (which.fund, funding_rounds::fund_id),
        (which.round, funding_rounds::id)
    );
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
