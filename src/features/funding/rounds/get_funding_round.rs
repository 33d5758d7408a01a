//! One round.

use super::{store::find_round, view::FundingRoundView};
use crate::{
    features::funding::{funds::standing, ids::RoundId},
    platform::web::{Answer, Call, Reply},
};

/// Read a funding round.
///
/// Its dates, its rubric and all its rules. How many requests it has is told once no more can come.
#[utoipa::path(get, path = "/v1/funding-rounds/{round_id}", tag = "Funding rounds",
    responses((status = 200, description = "The round.", body = FundingRoundView)))]
pub async fn get_funding_round(call: Call) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.read(move |connection, context| {
        let row = find_round(connection, id)?;
        let standing = standing(connection, context.actor.as_ref(), row.fund_id)?;
        Reply::record(row.version, &FundingRoundView::load(connection, row, &standing, context.now())?)
    })
    .await
}
