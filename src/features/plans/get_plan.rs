//! Reading one plan version.

use super::{PlanId, rows::PlanRow, status::PlanStatus, store, view::PlanView};
use crate::{
    features::pilots::{Seen, see},
    platform::{
        auth::Actor,
        db::DbConnection,
        error::AppError,
        web::{Answer, Call, Reply},
    },
};

/// Read a plan version.
///
/// With its milestones and where they stand. A draft is for the team and for staff.
#[utoipa::path(get, path = "/v1/plans/{plan_id}", tag = "Plans", responses((status = 200, description = "The plan version.", body = PlanView)))]
pub async fn get_plan(call: Call) -> Answer {
    let id = call.id("plan_id", PlanId::parse)?;
    call.read(move |connection, context| {
        let (plan, seen) = see_plan(connection, context.actor.as_ref(), id)?;
        let milestones = store::milestones_of(connection, id)?;
        Reply::record(plan.version, &PlanView::new(plan, milestones, &seen))
    })
    .await
}

/// Whether the caller sees what has not been handed in yet: the team and staff do.
pub fn sees_drafts(seen: &Seen) -> bool {
    seen.standing.team || seen.standing.roles.is_staff()
}

/// The plan version and its pilot, if the caller may see that.
///
/// # Errors
/// `NotFound`.
pub fn see_plan(connection: &mut DbConnection, actor: Option<&Actor>, id: PlanId) -> Result<(PlanRow, Seen), AppError> {
    let plan = store::find(connection, id)?;
    let seen = see(connection, actor, plan.pilot_id)?;
    if plan.status == PlanStatus::Draft && !sees_drafts(&seen) {
        return Err(AppError::not_found());
    }
    Ok((plan, seen))
}
