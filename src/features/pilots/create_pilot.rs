//! A new pilot: a draft that belongs to the caller and to their organisation.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, insert_into};

use super::{
    PilotId,
    content::PilotContent,
    facets, load, references,
    rows::{MemberRole, PilotRow},
    status::{Phase, PilotStatus},
    team,
    view::PilotView,
};
use crate::platform::{
    db::{
        at_once::Part,
        json_list::JsonList,
        schema::{pilot_members, pilots},
    },
    error::{AppError, ErrorCode},
    text::columns,
    web::{Answer, Body, Call, Reply, Tx},
};

/// Start a pilot.
///
/// It begins as a draft of yours, seen by your team and by staff. A title is all that a draft needs.
#[utoipa::path(post, path = "/v1/pilots", tag = "Pilots", request_body = PilotContent,
    responses((status = 201, description = "The draft.", body = PilotView)))]
pub async fn create_pilot(call: Call, body: Body) -> Answer {
    let content: PilotContent = body.read(&call).await?;
    call.add(move |tx| run(tx, content.clone())).await
}

fn run(tx: &mut Tx<'_>, content: PilotContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let organisation_id = actor.organisation_id.ok_or_else(|| {
        AppError::new(ErrorCode::Conflict).detail(
            "Your account names no organisation; an administrator has to add it first.",
            "আপনার অ্যাকাউন্টে কোনো প্রতিষ্ঠান নেই; আগে প্রশাসককে তা যোগ করতে হবে।",
        )
    })?;
    let content = references::resolve(tx.conn, content)?;
    let blank = PilotRow {
        id: tx.new_id(),
        reference: None,
        title_bn: None,
        title_en: None,
        summary_bn: None,
        summary_en: None,
        problem_bn: None,
        problem_en: None,
        proposed_change_bn: None,
        proposed_change_en: None,
        citizen_group_bn: None,
        citizen_group_en: None,
        underserved: JsonList::new(Vec::new()),
        service_id: None,
        sector_code: None,
        districts: JsonList::new(Vec::new()),
        sdg_targets: JsonList::new(Vec::new()),
        tags: JsonList::new(Vec::new()),
        origin: content.origin,
        owner_id: actor.user_id,
        deputy_id: None,
        organisation_id,
        phase: Phase::Initiation,
        status: PilotStatus::Draft,
        is_listed: false,
        is_public: false,
        screener_id: None,
        changes_due_on: None::<NaiveDate>,
        review_on: None,
        merged_into_id: None,
        lessons: None,
        submitted_at: None,
        screening_at: None,
        initiated_at: None,
        execution_at: None,
        completed_at: None,
        ended_at: None,
        published_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        upazilas: JsonList::new(Vec::new()),
    };
    let row = with_content(blank, &content);
    let [facets, words] = facets::of_new(tx.conn, &row)?;
    let parts: [Part<'static>; 5] = [
        Box::new(insert_into(pilots::table).values(row.clone())),
        Box::new(insert_into(pilot_members::table).values((
            pilot_members::pilot_id.eq(row.id),
            pilot_members::user_id.eq(actor.user_id),
            pilot_members::role.eq(MemberRole::Owner),
            pilot_members::added_at.eq(tx.now),
        ))),
        team::recording(tx, row.id, actor.user_id, team::TeamChange::Joined, MemberRole::Owner)?,
        facets,
        words,
    ];
    tx.leave(parts);
    tx.audit("pilot", row.id.as_str(), None, Some(&row))?;
    let view = load::view_of_new(tx.conn, &actor, row)?;
    Reply::created(location(view.id), view.version, &view)
}

/// Where a pilot is found.
pub fn location(id: PilotId) -> String {
    format!("/v1/pilots/{id}")
}

/// The row with everything that its team writes.
pub fn with_content(row: PilotRow, content: &PilotContent) -> PilotRow {
    let (summary_bn, summary_en) = columns(content.summary.as_ref());
    let (problem_bn, problem_en) = columns(content.problem.as_ref());
    let (proposed_change_bn, proposed_change_en) = columns(content.proposed_change.as_ref());
    let (citizen_group_bn, citizen_group_en) = columns(content.citizen_group.as_ref());
    PilotRow {
        title_bn: content.title.bn.clone(),
        title_en: content.title.en.clone(),
        summary_bn,
        summary_en,
        problem_bn,
        problem_en,
        proposed_change_bn,
        proposed_change_en,
        citizen_group_bn,
        citizen_group_en,
        underserved: JsonList::new(content.underserved.clone()),
        service_id: content.service_id,
        sector_code: content.sector_code.clone(),
        districts: JsonList::new(content.districts.clone()),
        upazilas: JsonList::new(content.upazilas.clone()),
        sdg_targets: JsonList::new(content.sdg_targets.clone()),
        tags: JsonList::new(content.tags.clone()),
        origin: content.origin,
        ..row
    }
}
