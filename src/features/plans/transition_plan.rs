//! Handing a plan version in, and putting it in force while the pilot runs.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    PlanId, actions,
    get_plan::see_plan,
    rows::PlanRow,
    seal,
    status::{PLAN_LIFECYCLE, PlanMove, PlanStatus},
    store,
    view::PlanView,
};
use crate::platform::{
    error::AppError,
    lifecycle::next,
    text_enum::text_enum,
    web::{Answer, Body, Call, Reply, Tx},
};

text_enum! {
    /// What can be asked of a plan version.
    PlanCommand {
        /// Hand in: freezes the content and takes the place of an earlier submitted version.
        Submit = "submit",
        /// Put in force while the pilot runs, by an officer outside the team.
        Approve = "approve",
    }
}

/// What is asked of a plan version.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "submit"}))]
pub struct TransitionPlanRequest {
    /// What to do.
    #[schema(inline)]
    pub action: PlanCommand,
}

/// Move a plan version.
///
/// `submit` freezes its content and makes it the one that gate 1 looks at. After gate 1, `approve` puts a submitted
/// version in force.
#[utoipa::path(post, path = "/v1/plans/{plan_id}/transitions", tag = "Plans", request_body = TransitionPlanRequest,
    responses((status = 200, description = "The plan version after the move.", body = PlanView)))]
pub async fn transition_plan(call: Call, body: Body) -> Answer {
    let id = call.id("plan_id", PlanId::parse)?;
    call.look(move |connection, context| see_plan(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionPlanRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, request.action)).await
}

fn run(tx: &mut Tx<'_>, id: PlanId, command: PlanCommand) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (plan, seen) = see_plan(tx.conn, Some(&actor), id)?;
    let action = format!("transition_plan.{}", command.as_str());
    tx.permit(&action, &seen.standing)?;
    tx.check_version(plan.version)?;
    let after = match command {
        PlanCommand::Submit => {
            next(PLAN_LIFECYCLE, plan.status, PlanMove::Submit)?;
            actions::check_pilot_is_open(&seen.row)?;
            submit(tx, &action, &plan)?
        }
        PlanCommand::Approve => {
            next(PLAN_LIFECYCLE, plan.status, PlanMove::Approve)?;
            actions::check_can_approve(&seen.row)?;
            store::put_in_force(tx, &action, &plan, PlanMove::Approve)?
        }
    };
    let milestones = store::milestones_of(tx.conn, id)?;
    Reply::record(after.version, &PlanView::new(after, milestones, &seen))
}

fn submit(tx: &mut Tx<'_>, action: &str, plan: &PlanRow) -> Result<PlanRow, AppError> {
    let milestones = store::milestones_of(tx.conn, plan.id)?;
    let unmet = actions::unmet_for_submit(plan, &milestones);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    store::supersede(tx, plan.pilot_id, PlanStatus::Submitted)?;
    let after = PlanRow {
        status: PlanStatus::Submitted,
        content_sha256: Some(seal::digest(plan, &milestones)?),
        submitted_at: Some(tx.now),
        ..plan.clone()
    };
    store::save(tx, action, plan, after)
}
