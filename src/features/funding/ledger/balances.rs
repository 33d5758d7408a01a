//! What there is of many funds or rounds at once, by one statement: the last line of each, found by its index.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, dsl::max,
};

use super::totals::Totals;
use crate::{
    features::funding::ids::FundId,
    platform::{
        db::{
            DbConnection,
            schema::{funding_rounds, funds, ledger_entries},
        },
        error::AppError,
    },
};

diesel::alias!(ledger_entries as later_lines: LaterLines);

/// What there is in each of these funds; one without a line is missing.
///
/// # Errors
/// Those of the database.
pub fn totals_of_funds(connection: &mut DbConnection, ids: &[FundId]) -> Result<HashMap<FundId, Totals>, AppError> {
    let last = later_lines
        .filter(later_lines.field(ledger_entries::fund_id).eq(funds::id))
        .select(max(later_lines.field(ledger_entries::seq)))
        .single_value();
    let rows: Vec<(FundId, Totals)> = funds::table
        .inner_join(ledger_entries::table)
        .filter(funds::id.eq_any(ids))
        .filter(ledger_entries::seq.nullable().eq(last))
        .select((funds::id, Totals::as_select()))
        .load(connection)?;
    Ok(rows.into_iter().collect())
}

/// The sums over all rounds of a fund after the line of this number.
///
/// # Errors
/// Those of the database.
pub fn totals_of_rounds(connection: &mut DbConnection, fund: FundId, seq: i64) -> Result<Totals, AppError> {
    let last = later_lines
        .filter(later_lines.field(ledger_entries::round_id).eq(funding_rounds::id.nullable()))
        .filter(later_lines.field(ledger_entries::seq).le(seq))
        .select(max(later_lines.field(ledger_entries::seq)))
        .single_value();
    let rounds: Vec<Totals> = funding_rounds::table
        .inner_join(ledger_entries::table.on(ledger_entries::round_id.eq(funding_rounds::id.nullable())))
        .filter(funding_rounds::fund_id.eq(fund))
        .filter(ledger_entries::seq.nullable().eq(last))
        .select(Totals::as_select())
        .load(connection)?;
    Ok(rounds.iter().fold(Totals::default(), |sum, round| Totals {
        round_allocated: sum.round_allocated + round.round_allocated,
        round_reserved: sum.round_reserved + round.round_reserved,
        round_committed: sum.round_committed + round.round_committed,
        round_disbursed: sum.round_disbursed + round.round_disbursed,
        ..Totals::default()
    }))
}
