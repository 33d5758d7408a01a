//! Milestones: read, reached, let go.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    MilestoneId, actions,
    get_plan::sees_drafts,
    rows::{MilestoneRow, PlanRow},
    status::{MILESTONE_LIFECYCLE, MilestoneCommand, PlanStatus},
    store,
    view::MilestoneView,
};
use crate::{
    features::{
        actions::ActionsView,
        pilots::{Seen, see},
    },
    platform::{
        auth::Actor,
        command_fields::{Use, misplaced},
        db::DbConnection,
        error::{AppError, FieldError},
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a milestone.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "Attendance sheet of the first camp."}))]
pub struct TransitionMilestoneRequest {
    /// What to do.
    #[schema(inline)]
    pub action: MilestoneCommand,
    /// When it was reached: for `complete`.
    pub done_on: Option<NaiveDate>,
    /// What shows it: for `complete`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub evidence: Option<String>,
    /// Why: for `waive`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Read a milestone.
///
/// Its plan and where it stands.
#[utoipa::path(get, path = "/v1/milestones/{milestone_id}", tag = "Plans",
    responses((status = 200, description = "The milestone.", body = MilestoneView)))]
pub async fn get_milestone(call: Call) -> Answer {
    let id = call.id("milestone_id", MilestoneId::parse)?;
    call.read(move |connection, context| {
        let (milestone, plan, seen) = see_milestone(connection, context.actor.as_ref(), id)?;
        Reply::record(milestone.version, &MilestoneView::new(milestone, &plan, &seen))
    })
    .await
}

/// Explain what may be done to a milestone.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/milestones/{milestone_id}/actions", tag = "Plans",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_milestone_actions(call: Call) -> Answer {
    let id = call.id("milestone_id", MilestoneId::parse)?;
    call.read(move |connection, context| {
        let (milestone, plan, seen) = see_milestone(connection, context.actor.as_ref(), id)?;
        Reply::ok(&ActionsView::new(actions::on_milestone(&milestone, &plan, &seen), context.meta.language))
    })
    .await
}

/// Move a milestone.
///
/// While the pilot is in execution, under the plan version in force. `waive` is for an officer outside the team.
#[utoipa::path(post, path = "/v1/milestones/{milestone_id}/transitions", tag = "Plans", request_body = TransitionMilestoneRequest,
    responses((status = 200, description = "The milestone after the move.", body = MilestoneView)))]
pub async fn transition_milestone(call: Call, body: Body) -> Answer {
    let id = call.id("milestone_id", MilestoneId::parse)?;
    call.look(move |connection, context| see_milestone(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionMilestoneRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: MilestoneId, request: &TransitionMilestoneRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (before, plan, seen) = see_milestone(tx.conn, Some(&actor), id)?;
    let action = format!("transition_milestone.{}", request.action.as_str());
    tx.permit(&action, &seen.standing)?;
    check_fields(tx, request)?;
    tx.check_version(before.version)?;
    actions::check_can_move_milestone(&plan, &seen.row)?;
    let to = next(MILESTONE_LIFECYCLE, before.status, request.action)?.to;
    let blank = MilestoneRow {
        status: to,
        done_on: None,
        evidence: None,
        waived_by: None,
        waiver_reason: None,
        ..before.clone()
    };
    let prepared = match request.action {
        MilestoneCommand::Complete => {
            MilestoneRow { done_on: request.done_on, evidence: request.evidence.clone(), ..blank }
        }
        MilestoneCommand::Waive => {
            MilestoneRow { waived_by: Some(actor.user_id), waiver_reason: request.reason.clone(), ..blank }
        }
        MilestoneCommand::Reopen => blank,
    };
    let after = store::save_milestone(tx, &action, &before, prepared)?;
    Reply::record(after.version, &MilestoneView::new(after, &plan, &seen))
}

fn check_fields(tx: &Tx<'_>, request: &TransitionMilestoneRequest) -> Result<(), AppError> {
    let (completes, waives) = (request.action == MilestoneCommand::Complete, request.action == MilestoneCommand::Waive);
    let ahead = request.done_on.filter(|day| *day > tx.now.day_in_dhaka());
    let mut errors = misplaced([
        ("/done_on", request.done_on.is_some(), Use::only_if(completes)),
        ("/evidence", request.evidence.is_some(), Use::only_if(completes)),
        ("/reason", request.reason.is_some(), Use::always_and(waives)),
    ]);
    errors.extend(
        ahead.map(|_| {
            FieldError::body("/done_on", "in_the_future", "This day is still to come.", "এই দিনটি এখনো আসেনি।")
        }),
    );
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// The milestone, its plan and its pilot, if the caller may see that.
fn see_milestone(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: MilestoneId,
) -> Result<(MilestoneRow, PlanRow, Seen), AppError> {
    let milestone = store::find_milestone(connection, id)?;
    let seen = see(connection, actor, milestone.pilot_id)?;
    let plan = store::find(connection, milestone.plan_id)?;
    if plan.status == PlanStatus::Draft && !sees_drafts(&seen) {
        return Err(AppError::not_found());
    }
    Ok((milestone, plan, seen))
}
