//! How often, why and until when the closing of rounds was moved.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, page_of, paged};
use crate::{
    features::funding::rounds::RoundExtensionRow,
    platform::{
        db::{
            DbConnection,
            schema::{funding_rounds, round_extensions},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &["id", "round_id", "from_closes_at", "to_closes_at", "reason", "created_at"];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let query = round_extensions::table.inner_join(funding_rounds::table).select(RoundExtensionRow::as_select());
    let rows: Vec<RoundExtensionRow> = page_of!(
        connection,
        query,
        round_extensions::id,
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
                row.round_id.to_string(),
                row.from_closes_at.to_string(),
                row.to_closes_at.to_string(),
                csv::text(row.reason),
                row.created_at.to_string(),
            ]
        },
    ))
}
