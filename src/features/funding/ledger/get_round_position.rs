//! What a round has, and what became of it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    as_of::PositionQuery,
    post::{Subject, totals_until},
};
use crate::{
    features::funding::{
        funds::standing,
        ids::{FundId, RoundId},
        rounds::find_round,
    },
    platform::{
        money::Money,
        web::{Answer, Call, Reply},
    },
};

/// What a round had at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoundPositionView {
    /// Which round.
    pub round_id: RoundId,
    /// Of which fund.
    pub fund_id: FundId,
    /// At the end of which day in Dhaka; null is: now.
    pub as_of: Option<NaiveDate>,
    /// The last line of the fund's ledger that counts; 0 when there is none.
    #[schema(minimum = 0)]
    pub seq: i64,
    /// What the fund gave it.
    pub allocated: Money,
    /// What its recommendations hold.
    pub reserved: Money,
    /// What its awards promise, paid or not.
    pub committed: Money,
    /// What was paid less what came back.
    pub disbursed: Money,
    /// What is neither reserved nor committed.
    pub available: Money,
    /// What is promised and not paid.
    pub unpaid: Money,
}

/// Read the position of a funding round.
///
/// Now, or as it was at the end of a day: the sums of the ledger up to then. For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/funding-rounds/{round_id}/position", tag = "Funds", params(PositionQuery),
    responses((status = 200, description = "The position.", body = RoundPositionView)))]
pub async fn get_round_position(call: Call) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    let query = PositionQuery::of(&call)?;
    call.read(move |connection, context| {
        let round = find_round(connection, id)?;
        context.permit("get_round_position", &standing(connection, context.actor.as_ref(), round.fund_id)?)?;
        let seq = query.last_line(connection, round.fund_id)?;
        let totals = totals_until(connection, Subject::Round(round.fund_id, id), seq)?;
        Reply::ok(&RoundPositionView {
            round_id: id,
            fund_id: round.fund_id,
            as_of: query.as_of,
            seq,
            allocated: Money::from_poisha(totals.round_allocated),
            reserved: Money::from_poisha(totals.round_reserved),
            committed: Money::from_poisha(totals.round_committed),
            disbursed: Money::from_poisha(totals.round_disbursed),
            available: Money::from_poisha(totals.available()),
            unpaid: Money::from_poisha(totals.round_committed - totals.round_disbursed),
        })
    })
    .await
}
