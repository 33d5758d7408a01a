//! The tranches of awards.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
use crate::{
    features::funding::tranches::TrancheRow,
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, tranches},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "request_id",
    "request_reference",
    "pilot_id",
    "number",
    "amount",
    "planned_on",
    "status",
    "requested_at",
    "approved_at",
    "disbursed_at",
    "payment_reference",
    "paid_on",
    "status_reason",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen = tranches::table
        .inner_join(funding_requests::table)
        .order(tranches::id)
        .limit(AT_ONCE)
        .select((TrancheRow::as_select(), funding_requests::reference))
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_requests::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_requests::round_id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(tranches::id.gt(id));
    }
    let rows: Vec<(TrancheRow, Option<String>)> = chosen.load(connection)?;
    Ok(paged(
        rows,
        |(row, _)| After(row.id.to_string(), 0),
        |(row, reference)| {
            vec![
                row.id.to_string(),
                row.request_id.to_string(),
                csv::maybe(reference),
                row.pilot_id.to_string(),
                row.number.to_string(),
                csv::taka(row.amount),
                row.planned_on.to_string(),
                row.status.as_str().to_owned(),
                csv::plain(row.requested_at),
                csv::plain(row.approved_at),
                csv::plain(row.disbursed_at),
                csv::maybe(row.payment_reference),
                csv::plain(row.paid_on),
                csv::maybe(row.status_reason),
            ]
        },
    ))
}
