//! Deciding at a gate: pass at once, refuse, or propose to pass with waivers.

use diesel::{RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Gate, GateDecisionId,
    evaluation::{Evaluation, evaluate, snapshot, uncovered, wrong_waivers},
    passage,
    rows::{GateDecisionRow, GateOutcome, GateWaiver, open_proposal},
    status::DecisionStatus,
    view::GateDecisionView,
};
use crate::{
    features::{
        pilots::{PilotId, see},
        plans,
    },
    platform::{
        db::{json_list::JsonList, schema::gate_decisions},
        error::{AppError, DatabaseIntent, ErrorCode, FieldError},
        text::Language,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

const ACTION: &str = "create_gate_decision";

/// What is decided at a gate.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"gate": "execution", "outcome": "pass", "waivers": [], "reason": null}))]
pub struct CreateGateDecisionRequest {
    /// Which gate.
    #[schema(inline)]
    pub gate: Gate,
    /// Whether the pilot goes through.
    #[schema(inline)]
    pub outcome: GateOutcome,
    /// Unmet conditions to let pass all the same: for `pass`; a second officer has to confirm them.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub waivers: Vec<GateWaiver>,
    /// Why: for `refuse`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Decide at a gate.
///
/// `pass` needs every condition met and moves the pilot at once. With waivers it is stored as `proposed` and moves
/// nothing until a second officer confirms it. `refuse` leaves the pilot where it is and says why.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/gate-decisions", tag = "Gates",
    request_body = CreateGateDecisionRequest,
    responses((status = 201, description = "The decision.", body = GateDecisionView)))]
pub async fn create_gate_decision(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit(ACTION, &seen.standing)
    })
    .await?;
    let request: CreateGateDecisionRequest = body.read(&call).await?;
    let language = call.meta.language;
    call.write(move |tx| run(tx, id, &request, language)).await
}

fn run(
    tx: &mut Tx<'_>,
    id: PilotId,
    request: &CreateGateDecisionRequest,
    language: Language,
) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    tx.permit(ACTION, &seen.standing)?;
    let wrong = wrong_fields(request);
    if !wrong.is_empty() {
        return Err(AppError::validation(wrong));
    }
    request.gate.check_at_hand(&seen.row)?;
    // A decision beside an open proposal would leave the second officer with nothing to confirm.
    if let Some(open) = open_proposal(tx.conn, id, request.gate)? {
        return Err(already_open(Some(open)));
    }
    let evaluations = evaluate(tx.conn, &seen.row, request.gate)?;
    let status = decide(request, &evaluations)?;
    let row = GateDecisionRow {
        id: tx.new_id(),
        pilot_id: id,
        gate: request.gate,
        outcome: request.outcome,
        status,
        reason: request.reason.clone(),
        conditions: JsonList::new(snapshot(&evaluations, &request.waivers)),
        waivers: JsonList::new(request.waivers.clone()),
        plan_id: plans::current_plan(tx.conn, id)?.map(|plan| plan.id),
        decided_by: actor.user_id,
        decided_at: tx.now,
        confirmed_by: None,
        confirmed_at: None,
        confirmation_reason: None,
        version: 1,
    };
    insert_into(gate_decisions::table).values(&row).execute(tx.conn).or_conflict(already_open(None))?;
    tx.audit_as(ACTION, "gate_decision", row.id.as_str(), None, Some(&row))?;
    if row.outcome == GateOutcome::Pass && row.status == DecisionStatus::Confirmed {
        passage::pass(tx, ACTION, &seen.row, row.gate, row.reason.as_deref())?;
    }
    // The pilot may have moved, and with it what the caller may do.
    let seen = see(tx.conn, Some(&actor), id)?;
    let view = GateDecisionView::new(row, &seen, Some(&actor), language);
    Reply::created(format!("/v1/gate-decisions/{}", view.id), view.version, &view)
}

/// What can be told from the request alone.
fn wrong_fields(request: &CreateGateDecisionRequest) -> Vec<FieldError> {
    if request.outcome == GateOutcome::Pass {
        return Vec::new();
    }
    let reason = request
        .reason
        .is_none()
        .then(|| FieldError::body("/reason", "required", "A refusal needs a reason.", "প্রত্যাখ্যানের কারণ দিতে হবে।"));
    let waivers = (!request.waivers.is_empty()).then(|| {
        FieldError::body("/waivers", "not_allowed", "A refusal waives nothing.", "প্রত্যাখ্যানে কোনো শর্তে ছাড় দেওয়া যায় না।")
    });
    reason.into_iter().chain(waivers).collect()
}

/// How the decision begins: it holds at once unless it waives something.
fn decide(request: &CreateGateDecisionRequest, evaluations: &[Evaluation]) -> Result<DecisionStatus, AppError> {
    if request.outcome == GateOutcome::Refuse {
        return Ok(DecisionStatus::Confirmed);
    }
    let wrong = wrong_waivers(evaluations, &request.waivers);
    if !wrong.is_empty() {
        return Err(AppError::validation(wrong));
    }
    let unmet = uncovered(evaluations, &request.waivers);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    Ok(if request.waivers.is_empty() { DecisionStatus::Confirmed } else { DecisionStatus::Proposed })
}

fn already_open(open: Option<GateDecisionId>) -> AppError {
    let which = open.map(|id| format!(" ({id})")).unwrap_or_default();
    AppError::new(ErrorCode::AlreadyExists).detail(
        format!("A proposal is open at this gate{which}; it has to be confirmed, rejected or withdrawn first."),
        format!("এই ধাপে একটি প্রস্তাব খোলা আছে{which}; আগে তা নিশ্চিত, নাকচ বা প্রত্যাহার করতে হবে।"),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::{ConditionResult, Finding},
        *,
    };
    use crate::platform::text::Bilingual;

    fn request(outcome: GateOutcome, waived: &[&str], reason: Option<&str>) -> CreateGateDecisionRequest {
        let waiver = |code: &&str| GateWaiver { code: (*code).to_owned(), reason: "So be it.".to_owned() };
        CreateGateDecisionRequest {
            gate: Gate::Execution,
            outcome,
            waivers: waived.iter().map(waiver).collect(),
            reason: reason.map(str::to_owned),
        }
    }

    fn unmet(code: &'static str, is_waivable: bool) -> Evaluation {
        let detail = Bilingual::new("Why.", "কেন।");
        Evaluation {
            code,
            is_waivable,
            finding: Finding { result: ConditionResult::Unmet, detail, evidence: Vec::new() },
        }
    }

    #[test]
    fn a_refusal_says_why_and_waives_nothing() {
        let codes = |request| wrong_fields(&request).iter().map(|error| error.code).collect::<Vec<_>>();
        assert_eq!(codes(request(GateOutcome::Refuse, &["G1.TEAM"], None)), ["required", "not_allowed"]);
        assert!(codes(request(GateOutcome::Refuse, &[], Some("Not ready."))).is_empty());
        assert!(codes(request(GateOutcome::Pass, &["G1.TEAM"], None)).is_empty());
    }

    #[test]
    fn a_decision_begins_as_its_conditions_and_waivers_say() {
        let soft = [unmet("SOFT", true)];
        let both = [unmet("SOFT", true), unmet("HARD", false)];
        let begins = |outcome, waived: &[&str], conditions: &[Evaluation]| {
            decide(&request(outcome, waived, None), conditions).map_err(|error| error.code)
        };
        assert_eq!(begins(GateOutcome::Refuse, &[], &both), Ok(DecisionStatus::Confirmed));
        assert_eq!(begins(GateOutcome::Pass, &[], &[]), Ok(DecisionStatus::Confirmed));
        assert_eq!(begins(GateOutcome::Pass, &[], &soft), Err(ErrorCode::ConditionsUnmet));
        assert_eq!(begins(GateOutcome::Pass, &["SOFT"], &soft), Ok(DecisionStatus::Proposed));
        assert_eq!(begins(GateOutcome::Pass, &["SOFT"], &both), Err(ErrorCode::ConditionsUnmet));
        assert_eq!(begins(GateOutcome::Pass, &["HARD"], &both), Err(ErrorCode::ValidationFailed));
    }
}
