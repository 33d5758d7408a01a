//! What is read of a fund besides its row.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::funding::{
        ids::FundId,
        ledger::{Totals, totals_of_funds},
        rounds::RoundStatus,
    },
    platform::{
        db::{DbConnection, schema::funding_rounds},
        error::AppError,
    },
};

/// What is read of a fund.
#[derive(Clone, Copy, Debug, Default)]
pub struct FundFacts {
    /// Its money.
    pub totals: Totals,
    /// Whether a round takes requests or is not decided yet.
    pub has_round_under_way: bool,
}

/// The facts of one fund.
///
/// # Errors
/// Those of the database.
pub fn facts_of(connection: &mut DbConnection, fund: FundId) -> Result<FundFacts, AppError> {
    Ok(facts(connection, &[fund])?.remove(&fund).unwrap_or_default())
}

/// The facts of these funds, by two statements.
///
/// # Errors
/// Those of the database.
pub fn facts(connection: &mut DbConnection, funds: &[FundId]) -> Result<HashMap<FundId, FundFacts>, AppError> {
    let under_way: HashSet<FundId> = funding_rounds::table
        .filter(funding_rounds::fund_id.eq_any(funds))
        .filter(funding_rounds::status.eq_any([RoundStatus::Open, RoundStatus::Closed, RoundStatus::Deciding]))
        .select(funding_rounds::fund_id)
        .distinct()
        .load::<FundId>(connection)?
        .into_iter()
        .collect();
    let totals = totals_of_funds(connection, funds)?;
    let of = |fund: &FundId| FundFacts {
        totals: totals.get(fund).copied().unwrap_or_default(),
        has_round_under_way: under_way.contains(fund),
    };
    Ok(funds.iter().map(|fund| (*fund, of(fund))).collect())
}
