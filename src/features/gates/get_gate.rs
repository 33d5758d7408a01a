//! How a gate stands for a pilot now.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Gate, GateDecisionId,
    evaluation::{evaluate, is_met, snapshot},
    rows::open_proposal,
    view::GateConditionView,
};
use crate::{
    features::pilots::{PilotId, see},
    platform::web::{Answer, Call, Reply},
};

/// A gate as it stands.
#[derive(Serialize, ToSchema)]
pub struct GateView {
    /// Which gate.
    #[schema(inline)]
    pub gate: Gate,
    /// Its conditions.
    #[schema(max_items = 50)]
    pub conditions: Vec<GateConditionView>,
    /// Whether every condition is met or does not concern this pilot.
    pub is_met: bool,
    /// Whether the pilot has been through.
    pub is_passed: bool,
    /// The proposal that waits for a second officer.
    pub open_decision_id: Option<GateDecisionId>,
}

/// Read how a gate stands.
///
/// Gate `execution` leads from Initiation to Execution, `celebration` from Execution to Celebration. Every condition is
/// evaluated now, for anyone logged in who sees the pilot; a decision keeps its own copy.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/gates/{gate}", tag = "Gates",
    responses((status = 200, description = "The gate as it stands.", body = GateView)))]
pub async fn get_gate(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let gate = call.id("gate", Gate::parse)?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let evaluations = evaluate(connection, &seen.row, gate)?;
        let language = context.meta.language;
        Reply::ok(&GateView {
            gate,
            is_met: is_met(&evaluations),
            conditions: snapshot(&evaluations, &[])
                .into_iter()
                .map(|evaluated| GateConditionView::new(evaluated, language))
                .collect(),
            is_passed: gate.is_passed(&seen.row),
            open_decision_id: open_proposal(connection, id, gate)?,
        })
    })
    .await
}
