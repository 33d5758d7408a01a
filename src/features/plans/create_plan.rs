//! A new version of a pilot's plan: the only way to change what was agreed.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into};

use super::{actions, content::PlanContent, resolve, rows::PlanRow, status::PlanStatus, store, view::PlanView};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::{json_list::JsonList, schema::plans},
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Begin a plan version.
///
/// It begins as a draft; there is one draft at a time. Milestones that go on from the version in force name them by
/// `previous_milestone_id`, so that their progress travels along.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/plans", tag = "Plans", request_body = PlanContent,
    responses((status = 201, description = "The draft.", body = PlanView)))]
pub async fn create_plan(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("create_plan", &seen.standing)
    })
    .await?;
    let content: PlanContent = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &content)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, content: &PlanContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    tx.permit("create_plan", &seen.standing)?;
    actions::check_pilot_is_open(&seen.row)?;
    if store::with_status(tx.conn, id, PlanStatus::Draft)?.is_some() {
        return Err(AppError::new(ErrorCode::AlreadyExists).detail(
            "There is a draft already; edit, submit or delete it.",
            "একটি খসড়া আগে থেকেই আছে; সেটি সম্পাদনা করুন, জমা দিন বা মুছুন।",
        ));
    }
    let last: Option<i32> = plans::table
        .filter(plans::pilot_id.eq(id))
        .order(plans::number.desc())
        .select(plans::number)
        .first(tx.conn)
        .optional()?;
    let blank = PlanRow {
        id: tx.new_id(),
        pilot_id: id,
        number: last.unwrap_or(0) + 1,
        status: PlanStatus::Draft,
        solution_design_bn: None,
        solution_design_en: None,
        implementation_plan_bn: None,
        implementation_plan_en: None,
        budget_lines: JsonList::new(Vec::new()),
        budget_total: 0,
        risks: JsonList::new(Vec::new()),
        target_time: None,
        target_cost: None,
        target_visits: None,
        content_sha256: None,
        created_by: actor.user_id,
        submitted_at: None,
        locked_at: None,
        locked_by: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let (plan, milestones) = resolve::rows(tx, blank, content)?;
    insert_into(plans::table).values(&plan).execute(tx.conn)?;
    store::insert_milestones(tx.conn, &milestones)?;
    tx.audit("plan", plan.id.as_str(), None, Some(&plan))?;
    let (location, version) = (format!("/v1/plans/{}", plan.id), plan.version);
    Reply::created(location, version, &PlanView::new(plan, milestones, &seen))
}
