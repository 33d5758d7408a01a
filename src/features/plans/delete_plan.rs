//! Deleting a draft of a plan.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{PlanId, actions, get_plan::see_plan, rows::PlanRow};
use crate::platform::{
    db::schema::plans,
    web::{Answer, Body, Call, Reply},
};

/// Delete a draft of a plan.
///
/// What was handed in stays.
#[utoipa::path(delete, path = "/v1/plans/{plan_id}", tag = "Plans", responses((status = 204, description = "It is gone.")))]
pub async fn delete_plan(call: Call, body: Body) -> Answer {
    let id = call.id("plan_id", PlanId::parse)?;
    call.look(move |connection, context| {
        let (_, seen) = see_plan(connection, context.actor.as_ref(), id)?;
        context.permit("delete_plan", &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let (plan, seen) = see_plan(tx.conn, Some(&actor), id)?;
        tx.permit("delete_plan", &seen.standing)?;
        tx.check_version(plan.version)?;
        actions::check_is_draft(&plan)?;
        delete(plans::table.find(id)).execute(tx.conn)?;
        tx.audit::<PlanRow>("plan", id.as_str(), Some(&plan), None)?;
        Ok(Reply::no_content())
    })
    .await
}
