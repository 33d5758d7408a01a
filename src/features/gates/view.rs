//! How gates' conditions and decisions are shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ConditionResult, Evaluated, Gate, GateDecisionId,
    rows::{GateDecisionRow, GateOutcome, GateWaiver},
    status::{DecisionCommand, DecisionStatus, LIFECYCLE},
};
use crate::{
    features::{
        actions::Action,
        pilots::{PilotId, PilotRow, Seen},
        plans::PlanId,
    },
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        ids::UserId,
        lifecycle::next,
        text::Language,
    },
};

/// A condition of a gate and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GateConditionView {
    /// Its code.
    #[schema(max_length = 60, example = "G1.TEAM")]
    pub code: String,
    /// How it stands.
    #[schema(inline)]
    pub result: ConditionResult,
    /// Whether two officers may let it pass.
    pub is_waivable: bool,
    /// Why, in the language of `Accept-Language`.
    #[schema(max_length = 2000, example = "No deputy is named.")]
    pub detail: String,
    /// Paths of the records that show it.
    #[schema(max_items = 200)]
    pub evidence: Vec<String>,
}

impl GateConditionView {
    /// In a language.
    pub fn new(evaluated: Evaluated, language: Language) -> Self {
        let detail = match language {
            Language::Bn => evaluated.detail_bn,
            Language::En => evaluated.detail_en,
        };
        Self {
            code: evaluated.code,
            result: evaluated.result,
            is_waivable: evaluated.is_waivable,
            detail,
            evidence: evaluated.evidence,
        }
    }
}

/// A decision at a gate.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GateDecisionView {
    /// Its identifier.
    pub id: GateDecisionId,
    /// The pilot.
    pub pilot_id: PilotId,
    /// Which gate.
    #[schema(inline)]
    pub gate: Gate,
    /// What it says.
    #[schema(inline)]
    pub outcome: GateOutcome,
    /// Where it stands.
    #[schema(inline)]
    pub status: DecisionStatus,
    /// Why.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// The conditions as they stood when it was taken or, if there were waivers, confirmed.
    #[schema(max_items = 50)]
    pub conditions: Vec<GateConditionView>,
    /// The unmet conditions that it lets pass.
    #[schema(max_items = 20)]
    pub waivers: Vec<GateWaiver>,
    /// The plan version that it was taken on.
    pub plan_id: Option<PlanId>,
    /// Who took it.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Timestamp,
    /// Who confirmed, rejected or withdrew it; null while it waits, and if it needed no second officer.
    pub confirmed_by: Option<UserId>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// Why.
    #[schema(max_length = 5000)]
    pub confirmation_reason: Option<String>,
    /// What the caller may do with it now.
    #[schema(inline, max_items = 3)]
    pub allowed_actions: Vec<DecisionCommand>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// What the caller is to a decision: to its pilot, and whether they took it.
pub fn standing(actor: Option<&Actor>, of_pilot: &Standing, row: &GateDecisionRow) -> Standing {
    Standing { first_decider: actor.is_some_and(|actor| actor.user_id == row.decided_by), ..*of_pilot }
}

/// Everything that can be done with a decision, with what closes it: the state, the person, and for `confirm` the gate at
/// hand.
pub fn actions(row: &GateDecisionRow, pilot: &PilotRow, standing: &Standing) -> Vec<Action> {
    let action = |command: &DecisionCommand| {
        let at_hand = match command {
            DecisionCommand::Confirm => row.gate.check_at_hand(pilot).err(),
            _ => None,
        };
        let state = next(LIFECYCLE, row.status, *command).err().or(at_hand);
        Action::new(command.as_str(), command.permission(), standing, state)
    };
    DecisionCommand::ALL.iter().map(action).collect()
}

impl GateDecisionView {
    /// The decision as this caller sees it; `seen` is its pilot.
    pub fn new(row: GateDecisionRow, seen: &Seen, actor: Option<&Actor>, language: Language) -> Self {
        Self {
            allowed_actions: actions(&row, &seen.row, &standing(actor, &seen.standing, &row))
                .iter()
                .filter(|action| action.is_open())
                .filter_map(|action| DecisionCommand::parse(action.name))
                .collect(),
            conditions: row.conditions.iter().cloned().map(|it| GateConditionView::new(it, language)).collect(),
            waivers: row.waivers.to_vec(),
            id: row.id,
            pilot_id: row.pilot_id,
            gate: row.gate,
            outcome: row.outcome,
            status: row.status,
            reason: row.reason,
            plan_id: row.plan_id,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            confirmed_by: row.confirmed_by,
            confirmed_at: row.confirmed_at,
            confirmation_reason: row.confirmation_reason,
            version: row.version,
        }
    }
}
