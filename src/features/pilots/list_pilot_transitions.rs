//! The history of a pilot.

use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PilotId, TransitionId, see};
use crate::platform::{
    clock::Timestamp,
    db::schema::pilot_transitions,
    ids::UserId,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which part of the history.
    ListPilotTransitionsQuery {}
}

/// A step of a pilot's history.
#[derive(Serialize, ToSchema)]
pub struct PilotTransitionView {
    /// Its identifier.
    pub id: TransitionId,
    /// What was done.
    #[schema(max_length = 60, example = "submit")]
    pub action: String,
    /// From where.
    #[schema(max_length = 60, example = "draft")]
    pub from_status: String,
    /// To where.
    #[schema(max_length = 60, example = "submitted")]
    pub to_status: String,
    /// By whom.
    pub actor_id: UserId,
    /// Why, as a word.
    #[schema(max_length = 60)]
    pub reason_code: Option<String>,
    /// Why, in words.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = pilot_transitions)]
struct TransitionRow {
    id: TransitionId,
    command: String,
    from_status: String,
    to_status: String,
    actor_id: UserId,
    reason_code: Option<String>,
    reason: Option<String>,
    at: Timestamp,
}

page_view! {
    /// A page of a pilot's history, oldest first.
    PilotTransitionPage of PilotTransitionView
}

/// Read a pilot's history.
///
/// Every move since its first, oldest first; nothing of it is ever changed. Reasons are told to the team and to staff.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/transitions", tag = "Pilots", params(ListPilotTransitionsQuery),
    responses((status = 200, description = "A page of the history.", body = PilotTransitionPage)))]
pub async fn list_pilot_transitions(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPilotTransitionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let standing = see(connection, context.actor.as_ref(), id)?.standing;
        // Reasons are written to the team, not to every official who sees the pilot later.
        let is_told = standing.team || standing.roles.is_staff();
        let mut rows = pilot_transitions::table
            .filter(pilot_transitions::pilot_id.eq(id.as_str()))
            .order(pilot_transitions::id)
            .limit(slice.fetch())
            .select(TransitionRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(pilot_transitions::id.gt(after));
        }
        let rows: Vec<TransitionRow> = rows.load(connection)?;
        let total: Option<i64> = match slice.include_total {
            true => Some(
                pilot_transitions::table
                    .filter(pilot_transitions::pilot_id.eq(id.as_str()))
                    .count()
                    .get_result(connection)?,
            ),
            false => None,
        };
        PilotTransitionPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| PilotTransitionView {
                id: row.id,
                action: row.command,
                from_status: row.from_status,
                to_status: row.to_status,
                actor_id: row.actor_id,
                reason_code: row.reason_code.filter(|_| is_told),
                reason: row.reason.filter(|_| is_told),
                at: row.at,
            },
        )
    })
    .await
}
