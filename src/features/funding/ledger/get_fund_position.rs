//! What a fund has, and what became of it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    as_of::PositionQuery,
    balances::totals_of_rounds,
    post::{Subject, totals_until},
};
use crate::{
    features::funding::{
        funds::{find_fund, standing},
        ids::FundId,
    },
    platform::{
        money::Money,
        web::{Answer, Call, Reply},
    },
};

/// What a fund had at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundPositionView {
    /// Which fund.
    pub fund_id: FundId,
    /// At the end of which day in Dhaka; null is: now.
    pub as_of: Option<NaiveDate>,
    /// The last line of the ledger that counts; 0 when there is none.
    #[schema(minimum = 0)]
    pub seq: i64,
    /// What was put into it.
    pub capital: Money,
    /// What of that its rounds have.
    pub allocated: Money,
    /// What no round has.
    pub unallocated: Money,
    /// What recommendations hold.
    pub reserved: Money,
    /// What awards promise, paid or not.
    pub committed: Money,
    /// What was paid less what came back.
    pub disbursed: Money,
    /// What its rounds have neither reserved nor committed.
    pub available: Money,
    /// What is promised and not paid.
    pub unpaid: Money,
}

/// Read the position of a fund.
///
/// Now, or as it was at the end of a day: the sums of the ledger up to then. For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/funds/{fund_id}/position", tag = "Funds", params(PositionQuery),
    responses((status = 200, description = "The position.", body = FundPositionView)))]
pub async fn get_fund_position(call: Call) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    let query = PositionQuery::of(&call)?;
    call.read(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("get_fund_position", &standing(connection, context.actor.as_ref(), id)?)?;
        let seq = query.last_line(connection, id)?;
        let fund = totals_until(connection, Subject::Fund(id), seq)?;
        let rounds = totals_of_rounds(connection, id, seq)?;
        Reply::ok(&FundPositionView {
            fund_id: id,
            as_of: query.as_of,
            seq,
            capital: Money::from_poisha(fund.fund_capital),
            allocated: Money::from_poisha(fund.fund_allocated),
            unallocated: Money::from_poisha(fund.unallocated()),
            reserved: Money::from_poisha(rounds.round_reserved),
            committed: Money::from_poisha(rounds.round_committed),
            disbursed: Money::from_poisha(rounds.round_disbursed),
            available: Money::from_poisha(rounds.available()),
            unpaid: Money::from_poisha(rounds.round_committed - rounds.round_disbursed),
        })
    })
    .await
}
