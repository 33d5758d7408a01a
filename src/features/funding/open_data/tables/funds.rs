//! The funds.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
use crate::{
    features::funding::{funds::FundRow, ids::FundId, ledger::totals_of_funds},
    platform::{
        db::{
            DbConnection,
            schema::{funding_rounds, funds},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "name_bn",
    "name_en",
    "status",
    "status_reason",
    "capital",
    "unallocated",
    "description_bn",
    "description_en",
    "created_at",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen = funds::table.order(funds::id).limit(AT_ONCE).select(FundRow::as_select()).into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funds::id.eq(fund));
    }
    if let Some(round) = which.round {
        let its = funding_rounds::table.find(round).select(funding_rounds::fund_id);
        chosen = chosen.filter(funds::id.eq_any(its));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(funds::id.gt(id));
    }
    let rows: Vec<FundRow> = chosen.load(connection)?;
    let ids: Vec<FundId> = rows.iter().map(|row| row.id).collect();
    let totals = totals_of_funds(connection, &ids)?;
    Ok(paged(
        rows,
        |row| After(row.id.to_string(), 0),
        |row| {
            let totals = totals.get(&row.id).copied().unwrap_or_default();
            vec![
                row.id.to_string(),
                csv::maybe(row.name_bn),
                csv::maybe(row.name_en),
                row.status.as_str().to_owned(),
                csv::maybe(row.status_reason),
                csv::taka(totals.fund_capital),
                csv::taka(totals.unallocated()),
                csv::maybe(row.description_bn),
                csv::maybe(row.description_en),
                row.created_at.to_string(),
            ]
        },
    ))
}
