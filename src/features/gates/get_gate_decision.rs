//! Reading one gate decision.

use super::{GateDecisionId, rows, view::GateDecisionView};
use crate::{
    features::pilots::see,
    platform::web::{Answer, Call, Reply},
};

/// Read a gate decision.
///
/// With the conditions as they stood, and for anyone logged in who sees the pilot.
#[utoipa::path(get, path = "/v1/gate-decisions/{decision_id}", tag = "Gates",
    responses((status = 200, description = "The decision.", body = GateDecisionView)))]
pub async fn get_gate_decision(call: Call) -> Answer {
    let id = call.id("decision_id", GateDecisionId::parse)?;
    call.read(move |connection, context| {
        let row = rows::find(connection, id)?;
        let seen = see(connection, context.actor.as_ref(), row.pilot_id)?;
        let view = GateDecisionView::new(row, &seen, context.actor.as_ref(), context.meta.language);
        Reply::record(view.version, &view)
    })
    .await
}
