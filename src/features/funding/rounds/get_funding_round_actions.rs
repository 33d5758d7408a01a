//! What may I do to a round, and why not.

use super::{facts::facts_of, guards::actions, store::find_round};
use crate::{
    features::{
        actions::ActionsView,
        funding::{funds::standing, ids::RoundId},
    },
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a funding round.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/funding-rounds/{round_id}/actions", tag = "Funding rounds",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_funding_round_actions(call: Call) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.read(move |connection, context| {
        let row = find_round(connection, id)?;
        let facts = facts_of(connection, &row)?;
        let standing = standing(connection, context.actor.as_ref(), row.fund_id)?;
        let all = actions(&row, &facts, &standing, context.now());
        Reply::ok(&ActionsView::new(all, context.meta.language))
    })
    .await
}
