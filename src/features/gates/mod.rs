//! The two gates as one mechanism: conditions that the slices contribute, decisions, waivers.

pub mod condition;
mod create_gate_decision;
mod evaluation;
mod get_gate;
mod get_gate_decision;
mod get_gate_decision_actions;
mod ids;
mod list_gate_decisions;
mod passage;
mod proposals_close;
mod rows;
pub mod status;
mod team;
mod transition_gate_decision;
mod view;

pub use condition::{Condition, ConditionResult, Evaluated, Finding, Gate};
pub use ids::GateDecisionId;
pub use proposals_close::ProposalsClose;
pub use rows::GateOutcome;
pub use team::Team;

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/gates`, `/v1/pilots/{pilot_id}/gate-decisions`, `/v1/gate-decisions`.
pub fn operations() -> Vec<Operation> {
    operations! {
        get_gate: get_gate;
        list_gate_decisions: list_gate_decisions;
        create_gate_decision: create_gate_decision;
        get_gate_decision: get_gate_decision;
        get_gate_decision_actions: get_gate_decision_actions;
        transition_gate_decision: transition_gate_decision;
    }
}
