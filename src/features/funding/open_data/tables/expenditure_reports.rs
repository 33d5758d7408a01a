//! What tranches were spent on.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, page_of, paged};
use crate::{
    features::funding::reports::ExpenditureReportRow,
    platform::{
        db::{
            DbConnection,
            schema::{expenditure_reports, funding_requests, tranches},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "tranche_id",
    "request_id",
    "request_reference",
    "pilot_id",
    "status",
    "total",
    "accepted",
    "submitted_at",
    "checked_at",
    "accepted_at",
    "status_reason",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let query = expenditure_reports::table
        .inner_join(tranches::table.inner_join(funding_requests::table))
        .select((ExpenditureReportRow::as_select(), funding_requests::reference));
    let rows: Vec<(ExpenditureReportRow, Option<String>)> = page_of!(
        connection,
        query,
        expenditure_reports::id,
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
                row.tranche_id.to_string(),
                row.request_id.to_string(),
                csv::maybe(reference),
                row.pilot_id.to_string(),
                row.status.as_str().to_owned(),
                csv::taka(row.total),
                csv::maybe_taka(row.accepted),
                csv::plain(row.submitted_at),
                csv::plain(row.checked_at),
                csv::plain(row.accepted_at),
                csv::maybe(row.status_reason),
            ]
        },
    ))
}
