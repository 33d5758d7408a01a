//! A meeting of the panel of a round, with who was there and the minutes.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{guards::check_can_meet, meeting_view::PanelMeetingView, rows::PanelMeetingRow, store::find_round};
use crate::{
    features::funding::{funds::standing, ids::RoundId},
    platform::{
        auth::Role,
        db::{
            DbConnection,
            json_list::JsonList,
            schema::{panel_meetings, user_roles},
        },
        error::{AppError, ErrorParams, FieldError},
        ids::UserId,
        text::{ProseInput, columns},
        web::{Answer, Body, Call, Reply, Tx, body::some_language},
    },
};

/// Who can sit on a panel.
const PANEL: [Role; 4] = [Role::Reviewer, Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer];

/// When it was, who was there, what was said.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "held_on": "2026-11-02", "attendees": ["0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"],
    "minutes": {"bn": "বারোটি আবেদন নিয়ে আলোচনা হয়েছে।", "en": "Twelve requests were discussed."}
}))]
pub struct CreatePanelMeetingRequest {
    /// The day, not in the future.
    pub held_on: NaiveDate,
    /// Who was there: reviewers and fund staff, each once.
    #[schema(min_items = 1, max_items = 50)]
    pub attendees: Vec<UserId>,
    /// The minutes.
    #[validate(custom(function = "some_language"))]
    pub minutes: ProseInput,
}

/// Record a panel meeting.
///
/// While the round is decided upon. It is never changed: a correction is another meeting. Recommendations refer to it.
#[utoipa::path(post, path = "/v1/funding-rounds/{round_id}/panel-meetings", tag = "Funding rounds",
    request_body = CreatePanelMeetingRequest,
    responses((status = 201, description = "The meeting.", body = PanelMeetingView)))]
pub async fn create_panel_meeting(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        context.permit("create_panel_meeting", &standing(connection, context.actor.as_ref(), fund)?)
    })
    .await?;
    let request: CreatePanelMeetingRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: RoundId, request: &CreatePanelMeetingRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let round = find_round(tx.conn, id)?;
    let standing = standing(tx.conn, Some(&actor), round.fund_id)?;
    tx.permit("create_panel_meeting", &standing)?;
    check_can_meet(&round)?;
    let today = tx.now.day_in_dhaka();
    let mut errors = faults_of_attendees(tx.conn, &request.attendees)?;
    if request.held_on > today {
        errors.push(
            FieldError::body("/held_on", "in_the_future", "This day has not come yet.", "এই দিনটি এখনো আসেনি।")
                .with(ErrorParams::maximum(today)),
        );
    }
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let (minutes_bn, minutes_en) = columns(Some(&request.minutes));
    let row = PanelMeetingRow {
        id: tx.new_id(),
        round_id: id,
        held_on: request.held_on,
        attendees: JsonList::new(request.attendees.clone()),
        minutes_bn,
        minutes_en,
        created_by: actor.user_id,
        created_at: tx.now,
    };
    insert_into(panel_meetings::table).values(&row).execute(tx.conn)?;
    tx.audit("panel_meeting", row.id.as_str(), None, Some(&row))?;
    let view = PanelMeetingView::new(row, round.panel_quorum);
    Reply::created(format!("/v1/panel-meetings/{}", view.id), 1, &view)
}

/// Each one once, and each one somebody who can sit on a panel.
fn faults_of_attendees(connection: &mut DbConnection, attendees: &[UserId]) -> Result<Vec<FieldError>, AppError> {
    let fit: HashSet<UserId> = user_roles::table
        .filter(user_roles::user_id.eq_any(attendees))
        .filter(user_roles::role.eq_any(PANEL))
        .select(user_roles::user_id)
        .load(connection)?
        .into_iter()
        .collect();
    let mut met = HashSet::new();
    let fault = |(place, attendee): (usize, &UserId)| {
        let pointer = format!("/attendees/{place}");
        if !met.insert(*attendee) {
            let (en, bn) = ("This person stands here twice.", "এই ব্যক্তির নাম দুবার দেওয়া হয়েছে।");
            return Some(FieldError::body(pointer, "duplicate", en, bn));
        }
        let (en, bn) = (
            "There is no reviewer or fund official of this identifier.",
            "এই শনাক্তকারীর কোনো মূল্যায়নকারী বা তহবিল কর্মকর্তা নেই।",
        );
        (!fit.contains(attendee)).then(|| FieldError::body(pointer, "unknown_reference", en, bn))
    };
    Ok(attendees.iter().enumerate().filter_map(fault).collect())
}
