//! The second pair of eyes on a decision with waivers.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    GateDecisionId,
    evaluation::{changed_since_proposed, evaluate, snapshot},
    passage,
    rows::{self, GateDecisionRow},
    status::{DecisionCommand, LIFECYCLE},
    view::{GateDecisionView, standing},
};
use crate::{
    features::{
        pilots::{PilotRow, access::ever_in_team, see},
        plans,
    },
    platform::{
        db::{json_list::JsonList, schema::gate_decisions},
        error::{AppError, ErrorCode, FieldError},
        lifecycle::next,
        text::Language,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a proposed decision.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "confirm", "reason": null}))]
pub struct TransitionGateDecisionRequest {
    /// What to do.
    #[schema(inline)]
    pub action: DecisionCommand,
    /// Why: for `reject`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Confirm, reject or withdraw a proposed decision.
///
/// To `confirm` evaluates every condition again: exactly the waived ones must be unmet, on the plan version of the
/// proposal; then the pilot moves. The officer who proposed it can only `withdraw`.
#[utoipa::path(post, path = "/v1/gate-decisions/{decision_id}/transitions", tag = "Gates",
    request_body = TransitionGateDecisionRequest,
    responses((status = 200, description = "The decision as it is now.", body = GateDecisionView)))]
pub async fn transition_gate_decision(call: Call, body: Body) -> Answer {
    let id = call.id("decision_id", GateDecisionId::parse)?;
    call.look(move |connection, context| {
        let row = rows::find(connection, id)?;
        see(connection, context.actor.as_ref(), row.pilot_id).map(|_| ())
    })
    .await?;
    let request: TransitionGateDecisionRequest = body.read(&call).await?;
    let language = call.meta.language;
    call.write(move |tx| run(tx, id, &request, language)).await
}

fn run(
    tx: &mut Tx<'_>,
    id: GateDecisionId,
    request: &TransitionGateDecisionRequest,
    language: Language,
) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let before = rows::find(tx.conn, id)?;
    let seen = see(tx.conn, Some(&actor), before.pilot_id)?;
    let action = request.action.permission();
    tx.permit(action, &standing(Some(&actor), &seen.standing, &before))?;
    if request.action.needs_reason() && request.reason.is_none() {
        return Err(AppError::validation(vec![FieldError::body(
            "/reason",
            "required",
            "This action needs a reason.",
            "এই কাজের জন্য কারণ দিতে হবে।",
        )]));
    }
    tx.check_version(before.version)?;
    let to = next(LIFECYCLE, before.status, request.action)?.to;
    let is_confirming = request.action == DecisionCommand::Confirm;
    let conditions = if is_confirming { reevaluate(tx, &before, &seen.row)? } else { before.conditions.clone() };
    let after = GateDecisionRow {
        status: to,
        conditions,
        confirmed_by: Some(actor.user_id),
        confirmed_at: Some(tx.now),
        confirmation_reason: request.reason.clone(),
        version: before.version + 1,
        ..before.clone()
    };
    let changed = update(gate_decisions::table.find(id).filter(gate_decisions::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "gate_decision", id.as_str(), Some(&before), Some(&after))?;
    if is_confirming {
        let reason = after.confirmation_reason.as_deref().or(after.reason.as_deref());
        passage::pass(tx, action, &seen.row, after.gate, reason)?;
    }
    // The pilot may have moved, and with it what the caller may do.
    let seen = see(tx.conn, Some(&actor), after.pilot_id)?;
    let view = GateDecisionView::new(after, &seen, Some(&actor), language);
    Reply::record(view.version, &view)
}

/// The conditions as they stand now, if they still bear the proposal out: time has passed since it was made.
fn reevaluate(
    tx: &mut Tx<'_>,
    decision: &GateDecisionRow,
    pilot: &PilotRow,
) -> Result<JsonList<super::Evaluated>, AppError> {
    decision.gate.check_at_hand(pilot)?;
    if ever_in_team(tx.conn, pilot.id, decision.decided_by)? {
        return Err(AppError::new(ErrorCode::Conflict).detail(
            "Who proposed this has joined the pilot's team since; reject it and let someone else decide.",
            "প্রস্তাবকারী পরে পাইলটের দলে যোগ দিয়েছেন; এটি প্রত্যাখ্যান করে অন্য কাউকে সিদ্ধান্ত নিতে দিন।",
        ));
    }
    let plan = plans::current_plan(tx.conn, pilot.id)?.map(|plan| plan.id);
    if plan != decision.plan_id {
        return Err(AppError::new(ErrorCode::Conflict).detail(
            "The pilot has another plan version now than when this was proposed; decide anew on that one.",
            "প্রস্তাবের পর পাইলটের পরিকল্পনার সংস্করণ বদলেছে; নতুন সংস্করণের ওপর নতুন করে সিদ্ধান্ত নিন।",
        ));
    }
    let evaluations = evaluate(tx.conn, pilot, decision.gate)?;
    let changed = changed_since_proposed(&evaluations, &decision.waivers);
    if !changed.is_empty() {
        return Err(AppError::conditions(changed));
    }
    Ok(JsonList::new(snapshot(&evaluations, &decision.waivers)))
}
