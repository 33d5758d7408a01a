//! What was decided on funding requests, for people outside the teams: recommendations, awards, refusals, waits, moves up the list
//! of those who wait, and lapses.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, others_pilots, page_of, paged};
use crate::{
    features::funding::{
        awards::{DECISIONS, amounts_of},
        requests::RequestTransitionRow,
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_request_transitions, funding_requests},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "id",
    "request_id",
    "request_reference",
    "decision",
    "from_status",
    "to_status",
    "amount",
    "decided_by",
    "reason",
    "at",
];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let query = funding_request_transitions::table
        .inner_join(funding_requests::table)
        .filter(funding_request_transitions::command.eq_any(DECISIONS.map(|(step, _)| step)))
        .filter(others_pilots(which.reader))
        .select((RequestTransitionRow::as_select(), funding_requests::reference));
    let rows: Vec<(RequestTransitionRow, Option<String>)> = page_of!(
        connection,
        query,
        funding_request_transitions::id,
        after,
        (which.fund, funding_requests::fund_id),
        (which.round, funding_requests::round_id)
    );
    let (decisions, references): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let amounts = amounts_of(connection, &decisions)?;
    Ok(paged(
        decisions.into_iter().zip(references).collect(),
        |(row, _)| After(row.id.to_string(), 0),
        |(row, reference)| {
            vec![
                row.id.to_string(),
                row.request_id.to_string(),
                csv::maybe(reference),
                row.command.as_str().to_owned(),
                row.from_status.as_str().to_owned(),
                row.to_status.as_str().to_owned(),
                csv::maybe_taka(amounts.get(&row.id).copied()),
                csv::plain(row.actor_id),
                csv::maybe(row.reason),
                row.at.to_string(),
            ]
        },
    ))
}
