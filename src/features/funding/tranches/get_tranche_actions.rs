//! What may I do, and why not: every action on a tranche, and for a closed one each condition that fails.

use super::{access::see_tranche, actions};
use crate::{
    features::{actions::ActionsView, funding::ids::TrancheId},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a tranche.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/tranches/{tranche_id}/actions", tag = "Tranches",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_tranche_actions(call: Call) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.read(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("get_tranche_actions", &seen.agreement.seen.standing)?;
        Reply::ok(&ActionsView::new(actions::all(&seen), context.meta.language))
    })
    .await
}
