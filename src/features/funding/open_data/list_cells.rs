//! A page of each list of the fund, as the cells of a table, by the order of its key.

use std::collections::HashSet;

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    csv,
    funding_lists::{After, Cells, Which},
};
use crate::{
    features::{
        funding::{
            ledger::LedgerEntryRow,
            reports::ExpenditureReportRow,
            requests::{FundingRequestRow, RequestStatus},
            rounds::{RoundRow, RoundStatus},
            tranches::TrancheRow,
        },
        pilots::PilotId,
    },
    platform::{
        db::{
            DbConnection,
            schema::{
                expenditure_reports, funding_requests, funding_rounds, ledger_entries, pilot_members, pilots, tranches,
            },
        },
        error::AppError,
        ids::UserId,
    },
};

/// So many rows are in memory at a time.
const AT_ONCE: i64 = 500;

fn paged<R>(rows: Vec<R>, key: impl Fn(&R) -> After, cells: impl FnMut(R) -> Vec<String>) -> Cells {
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == AT_ONCE);
    let next = rows.last().filter(|_| is_full).map(key);
    (rows.into_iter().map(cells).collect(), next)
}

/// Rounds.
///
/// # Errors
/// Those of the database.
pub fn rounds(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen =
        funding_rounds::table.order(funding_rounds::id).limit(AT_ONCE).select(RoundRow::as_select()).into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_rounds::id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(funding_rounds::id.gt(id));
    }
    let rows: Vec<RoundRow> = chosen.load(connection)?;
    Ok(paged(
        rows,
        |row| After(row.id.to_string(), 0),
        |row| {
            vec![
                row.id.to_string(),
                row.fund_id.to_string(),
                row.number.to_string(),
                csv::maybe(row.theme_bn),
                csv::maybe(row.theme_en),
                row.status.as_str().to_owned(),
                row.opens_at.to_string(),
                row.closes_at.to_string(),
                csv::taka(row.smallest_award),
                csv::taka(row.largest_award),
                row.release_on.to_string(),
                csv::plain(row.released_at),
            ]
        },
    ))
}

/// Requests that were handed in, and not under the seal of a round that still takes some: as `requests::see_request` has
/// it for staff.
///
/// # Errors
/// Those of the database.
pub fn requests(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let unsealed = funding_rounds::is_sealed
        .eq(false)
        .or(funding_rounds::status.ne_all([RoundStatus::Forecast, RoundStatus::Open]));
    let mut chosen = funding_requests::table
        .inner_join(funding_rounds::table)
        .inner_join(pilots::table)
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .filter(unsealed)
        .order(funding_requests::id)
        .limit(AT_ONCE)
        .select((FundingRequestRow::as_select(), funding_rounds::released_at.is_not_null(), pilots::reference))
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_requests::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_requests::round_id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(funding_requests::id.gt(id));
    }
    let rows: Vec<(FundingRequestRow, bool, Option<String>)> = chosen.load(connection)?;
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

/// Of these pilots those in whose team the reader is or was.
fn own_pilots(
    connection: &mut DbConnection,
    reader: Option<UserId>,
    of: Vec<PilotId>,
) -> Result<HashSet<PilotId>, AppError> {
    let Some(reader) = reader else { return Ok(HashSet::new()) };
    let found: Vec<PilotId> = pilot_members::table
        .filter(pilot_members::pilot_id.eq_any(of))
        .filter(pilot_members::user_id.eq(reader))
        .select(pilot_members::pilot_id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Tranches.
///
/// # Errors
/// Those of the database.
pub fn tranche_parts(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
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

/// Expenditure reports.
///
/// # Errors
/// Those of the database.
pub fn reports(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen = expenditure_reports::table
        .inner_join(tranches::table.inner_join(funding_requests::table))
        .order(expenditure_reports::id)
        .limit(AT_ONCE)
        .select((ExpenditureReportRow::as_select(), funding_requests::reference))
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_requests::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_requests::round_id.eq(round));
    }
    if let Some(After(id, _)) = after {
        chosen = chosen.filter(expenditure_reports::id.gt(id));
    }
    let rows: Vec<(ExpenditureReportRow, Option<String>)> = chosen.load(connection)?;
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

/// Lines of the ledgers, fund by fund.
///
/// # Errors
/// Those of the database.
pub fn ledger(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
    let mut chosen = ledger_entries::table
        .order((ledger_entries::fund_id, ledger_entries::seq))
        .limit(AT_ONCE)
        .select(LedgerEntryRow::as_select())
        .into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(ledger_entries::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(ledger_entries::round_id.eq(round));
    }
    if let Some(After(fund, seq)) = after {
        chosen = chosen
            .filter(ledger_entries::fund_id.ge(fund.clone()))
            .filter(ledger_entries::fund_id.gt(fund).or(ledger_entries::seq.gt(seq)));
    }
    let rows: Vec<LedgerEntryRow> = chosen.load(connection)?;
    Ok(paged(
        rows,
        |row| After(row.fund_id.to_string(), row.seq),
        |row| {
            let mut cells = vec![
                row.fund_id.to_string(),
                row.seq.to_string(),
                row.id.to_string(),
                row.at.to_string(),
                row.kind.as_str().to_owned(),
                row.effect.as_str().to_owned(),
                csv::taka(row.amount),
                csv::plain(row.round_id),
                csv::plain(row.request_id),
                csv::plain(row.tranche_id),
                csv::plain(row.reverses_id),
                csv::plain(row.actor_id),
                csv::maybe(row.reason),
                csv::maybe(row.payment_reference),
                csv::plain(row.paid_on),
            ];
            let after = row.after;
            let sums = [
                after.fund_capital,
                after.fund_allocated,
                after.round_allocated,
                after.round_reserved,
                after.round_committed,
                after.round_disbursed,
                after.request_reserved,
                after.request_committed,
                after.request_disbursed,
                after.tranche_disbursed,
            ];
            cells.extend(sums.map(csv::taka));
            cells
        },
    ))
}
