//! The versions of a pilot's plan.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PlanId, get_plan::sees_drafts, rows::PlanRow, status::PlanStatus};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        clock::Timestamp,
        db::schema::plans,
        money::Money,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the list.
    ListPlansQuery {}
}

/// A plan version in a list.
#[derive(Serialize, ToSchema)]
pub struct PlanSummaryView {
    /// Its identifier.
    pub id: PlanId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Counts a pilot's versions from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// Where it stands.
    #[schema(inline)]
    pub status: PlanStatus,
    /// The sum of its budget.
    pub budget_total: Money,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// When it came into force.
    pub locked_at: Option<Timestamp>,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
}

page_view! {
    /// A page of plan versions, latest first.
    PlanPage of PlanSummaryView
}

/// List a pilot's plan versions.
///
/// The latest first. Drafts are for the team and for staff.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/plans", tag = "Plans", params(ListPlansQuery),
    responses((status = 200, description = "A page of versions.", body = PlanPage)))]
pub async fn list_plans(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPlansQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let hidden: &[PlanStatus] = if sees_drafts(&seen) { &[] } else { &[PlanStatus::Draft] };
        let mut rows = plans::table
            .filter(plans::pilot_id.eq(id))
            .filter(plans::status.ne_all(hidden))
            .order(plans::number.desc())
            .limit(slice.fetch())
            .select(PlanRow::as_select())
            .into_boxed();
        if let Some(number) = slice.after.as_ref().and_then(|after| after.key.parse::<i32>().ok()) {
            rows = rows.filter(plans::number.lt(number));
        }
        let rows: Vec<PlanRow> = rows.load(connection)?;
        let total: Option<i64> = match slice.include_total {
            true => Some(
                plans::table
                    .filter(plans::pilot_id.eq(id))
                    .filter(plans::status.ne_all(hidden))
                    .count()
                    .get_result(connection)?,
            ),
            false => None,
        };
        PlanPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: row.number.to_string(), id: row.id.to_string() },
            |row| PlanSummaryView {
                id: row.id,
                pilot_id: row.pilot_id,
                number: row.number,
                status: row.status,
                budget_total: Money::from_poisha(row.budget_total),
                submitted_at: row.submitted_at,
                locked_at: row.locked_at,
                version: row.version,
                created_at: row.created_at,
            },
        )
    })
    .await
}
