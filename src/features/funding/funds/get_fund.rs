//! One fund.

use super::{access::standing, facts::facts_of, rows::find_fund, view::FundView};
use crate::{
    features::funding::ids::FundId,
    platform::web::{Answer, Call, Reply},
};

/// Read a fund.
///
/// What it is for, its capital, and what of that no round has yet.
#[utoipa::path(get, path = "/v1/funds/{fund_id}", tag = "Funds",
    responses((status = 200, description = "The fund.", body = FundView)))]
pub async fn get_fund(call: Call) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.read(move |connection, context| {
        let row = find_fund(connection, id)?;
        let facts = facts_of(connection, id)?;
        Reply::record(row.version, &FundView::new(row, &facts, &standing(connection, context.actor.as_ref(), id)?))
    })
    .await
}
