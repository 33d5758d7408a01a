//! Rounds in the database.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, dsl::count_star, update};

use super::rows::{PanelMeetingRow, RoundRow};
use crate::{
    features::funding::{
        funds::{FundRow, find_fund},
        ids::{PanelMeetingId, RoundId},
        requests::RequestStatus,
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, panel_meetings, round_extensions},
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

/// What is counted of a round.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// How often its closing was moved.
    pub extensions: i64,
    /// How many requests were handed in.
    pub requests: i64,
}

/// What is counted of these rounds, by two statements; requests only of those that tell it.
///
/// # Errors
/// Those of the database.
pub fn counts(connection: &mut DbConnection, rounds: &[RoundRow]) -> Result<HashMap<RoundId, Counts>, AppError> {
    let all: Vec<RoundId> = rounds.iter().map(|round| round.id).collect();
    let telling: Vec<RoundId> = rounds.iter().filter(|round| round.tells_number()).map(|round| round.id).collect();
    let mut found: HashMap<RoundId, Counts> = HashMap::new();
    let extensions: Vec<(RoundId, i64)> = round_extensions::table
        .filter(round_extensions::round_id.eq_any(all))
        .group_by(round_extensions::round_id)
        .select((round_extensions::round_id, count_star()))
        .load(connection)?;
    for (round, count) in extensions {
        found.entry(round).or_default().extensions = count;
    }
    let requests: Vec<(RoundId, i64)> = funding_requests::table
        .filter(funding_requests::round_id.eq_any(telling))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .group_by(funding_requests::round_id)
        .select((funding_requests::round_id, count_star()))
        .load(connection)?;
    for (round, count) in requests {
        found.entry(round).or_default().requests = count;
    }
    Ok(found)
}
