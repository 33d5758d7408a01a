//! The meetings of the panels.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{After, Cells, Which, csv, page_of, paged};
use crate::{
    features::funding::rounds::PanelMeetingRow,
    platform::{
        db::{
            DbConnection,
            schema::{funding_rounds, panel_meetings},
        },
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] =
    &["id", "round_id", "held_on", "attendees", "attendee_ids", "has_quorum", "minutes_bn", "minutes_en", "created_at"];

/// A page of them by their identifiers.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let query = panel_meetings::table
        .inner_join(funding_rounds::table)
        .select((PanelMeetingRow::as_select(), funding_rounds::panel_quorum));
    let rows: Vec<(PanelMeetingRow, i32)> = page_of!(
        connection,
        query,
        panel_meetings::id,
        after,
        (which.fund, funding_rounds::fund_id),
        (which.round, funding_rounds::id)
    );
    Ok(paged(
        rows,
        |(row, _)| After(row.id.to_string(), 0),
        |(row, quorum)| {
            let attendees: Vec<String> = row.attendees.iter().map(ToString::to_string).collect();
            vec![
                row.id.to_string(),
                row.round_id.to_string(),
                row.held_on.to_string(),
                attendees.len().to_string(),
                attendees.join(" "),
                row.has_quorum(quorum).to_string(),
                csv::maybe(row.minutes_bn),
                csv::maybe(row.minutes_en),
                row.created_at.to_string(),
            ]
        },
    ))
}
