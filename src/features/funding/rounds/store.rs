//! Rounds in the database.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, update};

use super::rows::{PanelMeetingRow, RoundRow};
use crate::{
    features::funding::{
        funds::{FundRow, find_fund},
        ids::{PanelMeetingId, RoundId},
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_rounds, panel_meetings},
        },
        error::{AppError, DatabaseIntent, ErrorCode},
        web::Tx,
    },
};

/// The round of this id.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find_round(connection: &mut DbConnection, id: RoundId) -> Result<RoundRow, AppError> {
    funding_rounds::table.find(id).select(RoundRow::as_select()).first(connection).or_not_found()
}

/// The same with its fund.
///
/// # Errors
/// As [`find_round`].
pub fn find_with_fund(connection: &mut DbConnection, id: RoundId) -> Result<(RoundRow, FundRow), AppError> {
    let round = find_round(connection, id)?;
    let fund = find_fund(connection, round.fund_id)?;
    Ok((round, fund))
}

/// The meeting of this id.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find_meeting(connection: &mut DbConnection, id: PanelMeetingId) -> Result<PanelMeetingRow, AppError> {
    panel_meetings::table.find(id).select(PanelMeetingRow::as_select()).first(connection).or_not_found()
}

/// Stores a changed round under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &RoundRow, after: RoundRow) -> Result<RoundRow, AppError> {
    let after = RoundRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(funding_rounds::table.find(before.id).filter(funding_rounds::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "funding_round", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
