//! Editing a draft of a plan.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete};

use super::{
    PlanId, actions,
    content::{PlanContent, PlanPatch},
    get_plan::see_plan,
    resolve, store,
    view::PlanView,
};
use crate::platform::{
    db::schema::milestones,
    web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// Change a plan version.
///
/// A merge patch (RFC 7396); lists are replaced whole. Only a draft: what was handed in is never changed, a new version
/// takes its place.
#[utoipa::path(patch, path = "/v1/plans/{plan_id}", tag = "Plans",
    request_body(content = PlanPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed draft.", body = PlanView)))]
pub async fn update_plan(call: Call, body: Body) -> Answer {
    let id = call.id("plan_id", PlanId::parse)?;
    call.look(move |connection, context| {
        let (_, seen) = see_plan(connection, context.actor.as_ref(), id)?;
        context.permit("update_plan", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<PlanPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let (before, seen) = see_plan(tx.conn, Some(&actor), id)?;
        tx.permit("update_plan", &seen.standing)?;
        tx.check_version(before.version)?;
        actions::check_is_draft(&before)?;
        actions::check_pilot_is_open(&seen.row)?;
        let present = PlanContent::of(&before, &store::milestones_of(tx.conn, id)?);
        let content = apply_patch(&state.schemas, &present, &patch)?;
        let (prepared, new) = resolve::rows(tx, before.clone(), &content)?;
        delete(milestones::table.filter(milestones::plan_id.eq(id))).execute(tx.conn)?;
        store::insert_milestones(tx.conn, &new)?;
        let after = store::save(tx, "update_plan", &before, prepared)?;
        Reply::record(after.version, &PlanView::new(after, new, &seen))
    })
    .await
}
