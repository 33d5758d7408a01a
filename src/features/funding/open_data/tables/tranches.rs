//! The tranches of awards.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, page_of, paged};
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
    let query = tranches::table
        .inner_join(funding_requests::table)
        .select((TrancheRow::as_select(), funding_requests::reference));
    let rows: Vec<(TrancheRow, Option<String>)> = page_of!(
        connection,
        query,
        tranches::id,
        after,
        (which.fund, funding_requests::fund_id),
        (which.round, funding_requests::round_id)
    );
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
