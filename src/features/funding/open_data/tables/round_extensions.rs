//! How often, why and until when the closing of rounds was moved.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
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
    let mut chosen = round_extensions::table
        .inner_join(funding_rounds::table)
        .order(round_extensions::id)
        .limit(AT_ONCE)
        .select(RoundExtensionRow::as_select())
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_rounds::id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(round_extensions::id.gt(id));
    }
    let rows: Vec<RoundExtensionRow> = chosen.load(connection)?;
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
