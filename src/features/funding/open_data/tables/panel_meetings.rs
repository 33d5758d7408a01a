//! The meetings of the panels.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
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
    let mut chosen = panel_meetings::table
        .inner_join(funding_rounds::table)
        .order(panel_meetings::id)
        .limit(AT_ONCE)
        .select((PanelMeetingRow::as_select(), funding_rounds::panel_quorum))
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_rounds::id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(panel_meetings::id.gt(id));
    }
    let rows: Vec<(PanelMeetingRow, i32)> = chosen.load(connection)?;
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
