//! What may I do to a fund, and why not.

use super::{access::standing, facts::facts_of, guards::actions, rows::find_fund};
use crate::{
    features::{actions::ActionsView, funding::ids::FundId},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a fund.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/funds/{fund_id}/actions", tag = "Funds",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_fund_actions(call: Call) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.read(move |connection, context| {
        let row = find_fund(connection, id)?;
        let facts = facts_of(connection, id)?;
        let all = actions(&row, &facts, &standing(connection, context.actor.as_ref(), id)?);
        Reply::ok(&ActionsView::new(all, context.meta.language))
    })
    .await
}
