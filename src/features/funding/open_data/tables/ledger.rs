//! The lines of the ledgers.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{AT_ONCE, After, Cells, Which, csv, paged};
use crate::{
    features::funding::ledger::LedgerEntryRow,
    platform::{
        db::{DbConnection, schema::ledger_entries},
        error::AppError,
    },
};

/// What its columns are called.
pub const COLUMNS: &[&str] = &[
    "fund_id",
    "seq",
    "id",
    "at",
    "kind",
    "effect",
    "amount",
    "round_id",
    "request_id",
    "tranche_id",
    "reverses_id",
    "actor_id",
    "reason",
    "payment_reference",
    "paid_on",
    "fund_capital",
    "fund_allocated",
    "round_allocated",
    "round_reserved",
    "round_committed",
    "round_disbursed",
    "request_reserved",
    "request_committed",
    "request_disbursed",
    "tranche_disbursed",
];

/// A page of them, fund by fund.
///
/// # Errors
/// Those of the database.
pub fn page(connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
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
