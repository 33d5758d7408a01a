//! What may I do to a plan version, and why not.

use super::{PlanId, actions::on_plan, get_plan::see_plan, store};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a plan version.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/plans/{plan_id}/actions", tag = "Plans",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_plan_actions(call: Call) -> Answer {
    let id = call.id("plan_id", PlanId::parse)?;
    call.read(move |connection, context| {
        let (plan, seen) = see_plan(connection, context.actor.as_ref(), id)?;
        let milestones = store::milestones_of(connection, id)?;
        Reply::ok(&ActionsView::new(on_plan(&plan, &milestones, &seen), context.meta.language))
    })
    .await
}
