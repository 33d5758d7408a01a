//! Funding requests that were handed in, and not under the seal of a round that still takes some: as
//! `requests::see_request` has it for staff.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, own_pilots, page_of, paged, unsealed};
use crate::{
    features::funding::requests::{FundingRequestRow, RequestStatus},
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, pilots},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "reference",
    "fund_id",
    "round_id",
    "pilot_id",
    "pilot_reference",
    "status",
    "requested",
    "recommended",
    "awarded",
    "submitted_at",
    "awarded_at",
    "agreement_due_on",
    "ended_at",
    "purpose_bn",
    "purpose_en",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let query = funding_requests::table
        .inner_join(funding_rounds::table)
        .inner_join(pilots::table)
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .filter(unsealed())
        .select((FundingRequestRow::as_select(), funding_rounds::released_at.is_not_null(), pilots::reference));
    let rows: Vec<(FundingRequestRow, bool, Option<String>)> = page_of!(
        connection,
        query,
        funding_requests::id,
        after,
        (which.fund, funding_requests::fund_id),
        (which.round, funding_requests::round_id)
    );
    let own = own_pilots(connection, which.reader, rows.iter().map(|(row, ..)| row.pilot_id).collect())?;
    Ok(paged(
        rows,
        |(row, ..)| After(row.id.to_string(), 0),
        |(row, is_released, pilot)| {
            let is_told = is_released || !own.contains(&row.pilot_id);
            vec![
                row.id.to_string(),
                csv::maybe(row.reference),
                row.fund_id.to_string(),
                row.round_id.to_string(),
                row.pilot_id.to_string(),
                csv::maybe(pilot),
                row.status.as_told(is_told).as_str().to_owned(),
                csv::taka(row.requested),
                csv::maybe_taka(row.recommended.filter(|_| is_told)),
                csv::maybe_taka(row.awarded.filter(|_| is_told)),
                csv::plain(row.submitted_at),
                csv::plain(row.awarded_at.filter(|_| is_told)),
                csv::plain(row.agreement_due_on),
                csv::plain(row.ended_at.filter(|_| is_told)),
                csv::maybe(row.purpose_bn),
                csv::maybe(row.purpose_en),
            ]
        },
    ))
}
