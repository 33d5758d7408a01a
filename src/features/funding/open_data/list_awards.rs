//! Every award that was released, for everyone.

use super::award::{AwardRow, AwardView, Which, page};
use crate::{
    features::funding::ids::{FundId, RoundId},
    platform::web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which awards.
    ListAwardsQuery {
        /// Those of this fund.
        #[param(inline)]
        fund_id: Option<FundId>,
        /// Those of this round.
        #[param(inline)]
        round_id: Option<RoundId>,
    }
}

page_view! {
    /// A page of awards, the latest requests first.
    AwardPage of AwardView
}

/// List awards.
///
/// Whatever was awarded in a round whose results are released and did not lapse, with what became of it; the latest
/// requests first.
#[utoipa::path(get, path = "/v1/awards", tag = "Awards", params(ListAwardsQuery),
    responses((status = 200, description = "A page of awards.", body = AwardPage)))]
pub async fn list_awards(call: Call) -> Answer {
    let query: ListAwardsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    let which = Which { fund: query.fund_id, round: query.round_id };
    call.read(move |connection, context| {
        let total = slice.total(|most| page(connection, which, None, most))?;
        let rows = page(connection, which, slice.after_id(), slice.fetch())?;
        let cursor = |row: &AwardRow| Cursor { key: String::new(), id: row.0.0.to_string() };
        AwardPage::reply(context, &slice, rows, total, cursor, AwardView::from)
    })
    .await
}
