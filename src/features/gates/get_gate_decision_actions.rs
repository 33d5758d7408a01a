//! What may I do with a gate decision, and why not.

use super::{
    GateDecisionId, rows,
    view::{actions, standing},
};
use crate::{
    features::{actions::ActionsView, pilots::see},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done with a gate decision.
///
/// Every action, whether it is open to you now, and for a closed one why not. Whether the conditions of the gate still bear
/// the decision out is looked at when it is confirmed.
#[utoipa::path(get, path = "/v1/gate-decisions/{decision_id}/actions", tag = "Gates",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_gate_decision_actions(call: Call) -> Answer {
    let id = call.id("decision_id", GateDecisionId::parse)?;
    call.read(move |connection, context| {
        let row = rows::find(connection, id)?;
        let seen = see(connection, context.actor.as_ref(), row.pilot_id)?;
        let all = actions(&row, &seen.row, &standing(context.actor.as_ref(), &seen.standing, &row));
        Reply::ok(&ActionsView::new(all, context.meta.language))
    })
    .await
}
