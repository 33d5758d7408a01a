//! What is read of a round besides its row.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::count_star};

use super::rows::RoundRow;
use crate::{
    features::funding::{
        funds::FundStatus,
        ids::{FundId, RoundId},
        requests::RequestStatus,
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funds, round_extensions},
        },
        error::AppError,
    },
};

/// What is read of a round.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundFacts {
    /// Whether its fund is active.
    pub is_fund_active: bool,
    /// How often its closing was moved.
    pub extensions: i64,
    /// How many requests were handed in.
    pub requests: i64,
    /// How many of them are between their submit and their decision.
    pub undecided: i64,
    /// How many of them have not come to their end.
    pub going_on: i64,
}

/// Between the submit and the decision.
const UNDECIDED: &[RequestStatus] = &[
    RequestStatus::Submitted,
    RequestStatus::Eligibility,
    RequestStatus::ChangesRequested,
    RequestStatus::UnderReview,
    RequestStatus::Panel,
    RequestStatus::Recommended,
];

/// The facts of one round.
///
/// # Errors
/// Those of the database.
pub fn facts_of(connection: &mut DbConnection, round: &RoundRow) -> Result<RoundFacts, AppError> {
    Ok(facts(connection, std::slice::from_ref(round))?.remove(&round.id).unwrap_or_default())
}

/// The facts of these rounds, by three statements; requests are counted only of those that tell it.
///
/// # Errors
/// Those of the database.
pub fn facts(connection: &mut DbConnection, rounds: &[RoundRow]) -> Result<HashMap<RoundId, RoundFacts>, AppError> {
    let all: Vec<RoundId> = rounds.iter().map(|round| round.id).collect();
    let active: HashSet<FundId> = funds::table
        .filter(funds::id.eq_any(rounds.iter().map(|round| round.fund_id)))
        .filter(funds::status.eq(FundStatus::Active))
        .select(funds::id)
        .load::<FundId>(connection)?
        .into_iter()
        .collect();
    let of = |round: &RoundRow| RoundFacts { is_fund_active: active.contains(&round.fund_id), ..RoundFacts::default() };
    let mut found: HashMap<RoundId, RoundFacts> = rounds.iter().map(|round| (round.id, of(round))).collect();
    let extensions: Vec<(RoundId, i64)> = round_extensions::table
        .filter(round_extensions::round_id.eq_any(all))
        .group_by(round_extensions::round_id)
        .select((round_extensions::round_id, count_star()))
        .load(connection)?;
    for (round, count) in extensions {
        found.entry(round).or_default().extensions = count;
    }
    let telling = rounds.iter().filter(|round| round.tells_number()).map(|round| round.id);
    let requests: Vec<(RoundId, RequestStatus, i64)> = funding_requests::table
        .filter(funding_requests::round_id.eq_any(telling))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .group_by((funding_requests::round_id, funding_requests::status))
        .select((funding_requests::round_id, funding_requests::status, count_star()))
        .load(connection)?;
    for (round, status, count) in requests {
        let facts = found.entry(round).or_default();
        facts.requests += count;
        facts.undecided += if UNDECIDED.contains(&status) { count } else { 0 };
        facts.going_on += if status.is_final() { 0 } else { count };
    }
    Ok(found)
}
