//! What there is of many funds or rounds at once, by one statement: the last line of each, found by its index.

use std::collections::HashMap;

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, dsl::max};

use super::totals::Totals;
use crate::{
    features::funding::ids::FundId,
    platform::{
        db::{
            DbConnection,
            schema::{funds, ledger_entries},
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
