//! Local funding sources of pilots.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, csv, page_of, paged};
use crate::{
    features::funding::sources::FundingSourceRow,
    platform::{
        db::{
            DbConnection,
            schema::{funding_sources, pilots},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "pilot_id",
    "pilot_reference",
    "kind",
    "provider_bn",
    "provider_en",
    "amount",
    "status",
    "document_id",
    "declared_by",
    "decided_by",
    "decided_at",
    "reason",
    "description",
    "created_at",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, after: Option<After>) -> Result<Cells, AppError> {
    let query =
        funding_sources::table.inner_join(pilots::table).select((FundingSourceRow::as_select(), pilots::reference));
    let rows: Vec<(FundingSourceRow, Option<String>)> = page_of!(connection, query, funding_sources::id, after);
    Ok(paged(
        rows,
        |(row, _)| After(row.id.to_string(), 0),
        |(row, reference)| {
            vec![
                row.id.to_string(),
                row.pilot_id.to_string(),
                csv::maybe(reference),
                row.kind.as_str().to_owned(),
                csv::maybe(row.provider_bn),
                csv::maybe(row.provider_en),
                csv::taka(row.amount),
                row.status.as_str().to_owned(),
                csv::plain(row.document_id),
                row.declared_by.to_string(),
                csv::plain(row.decided_by),
                csv::plain(row.decided_at),
                csv::maybe(row.reason),
                csv::maybe(row.description),
                row.created_at.to_string(),
            ]
        },
    ))
}
