//! Reading one plan version.

use super::{PlanId, rows::PlanRow, store, view::PlanView};
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
/// With its milestones and where they stand.
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

/// The plan version and its pilot, if the caller may see that.
///
/// # Errors
/// `NotFound`.
pub fn see_plan(connection: &mut DbConnection, actor: Option<&Actor>, id: PlanId) -> Result<(PlanRow, Seen), AppError> {
    let plan = store::find(connection, id)?;
    let seen = see(connection, actor, plan.pilot_id)?;
    Ok((plan, seen))
}
