//! The gate decision as it is stored.

use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Evaluated, Gate, GateDecisionId, status::DecisionStatus};
use crate::{
    features::{pilots::PilotId, plans::PlanId},
    platform::{
        clock::Timestamp,
        db::{DbConnection, json_list::JsonList, schema::gate_decisions},
        error::{AppError, DatabaseIntent},
        ids::UserId,
        text_enum::text_enum,
    },
};

text_enum! {
    /// What a gate decision says.
    GateOutcome {
        /// The pilot goes through.
        Pass = "pass",
        /// It stays where it is.
        Refuse = "refuse",
    }
}

/// A condition that a decision lets pass although it is unmet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "G1.TEAM", "reason": "The deputy is named next week; the order is signed."}))]
pub struct GateWaiver {
    /// The condition's code.
    #[schema(min_length = 1, max_length = 60, example = "G1.TEAM")]
    pub code: String,
    /// Why it may pass.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// A decision at a gate. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = gate_decisions, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct GateDecisionRow {
    /// Its identifier.
    pub id: GateDecisionId,
    /// The pilot.
    pub pilot_id: PilotId,
    /// Which gate.
    pub gate: Gate,
    /// What it says.
    pub outcome: GateOutcome,
    /// Where it stands.
    pub status: DecisionStatus,
    /// Why.
    pub reason: Option<String>,
    /// The conditions as they stood when it was last evaluated.
    pub conditions: JsonList<Evaluated>,
    /// What it lets pass.
    pub waivers: JsonList<GateWaiver>,
    /// The plan version that it was taken on.
    pub plan_id: Option<PlanId>,
    /// Who took it.
    pub decided_by: UserId,
    /// When.
    pub decided_at: Timestamp,
    /// Who confirmed, rejected or withdrew it.
    pub confirmed_by: Option<UserId>,
    /// When.
    pub confirmed_at: Option<Timestamp>,
    /// Why.
    pub confirmation_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
}

/// A decision, whoever may see it.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find(connection: &mut DbConnection, id: GateDecisionId) -> Result<GateDecisionRow, AppError> {
    gate_decisions::table.find(id).select(GateDecisionRow::as_select()).first(connection).or_not_found()
}

/// The proposal that is open at a gate of a pilot.
///
/// # Errors
/// Those of the database.
pub fn open_proposal(
    connection: &mut DbConnection,
    pilot: PilotId,
    gate: Gate,
) -> Result<Option<GateDecisionId>, AppError> {
    Ok(gate_decisions::table
        .filter(gate_decisions::pilot_id.eq(pilot.as_str()))
        .filter(gate_decisions::gate.eq(gate.as_str()))
        .filter(gate_decisions::status.eq(DecisionStatus::Proposed.as_str()))
        .select(gate_decisions::id)
        .first(connection)
        .optional()?)
}
