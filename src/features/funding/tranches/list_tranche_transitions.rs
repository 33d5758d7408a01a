//! What became of a tranche, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::see_tranche,
    rows::TrancheTransitionRow,
    status::{TrancheMove, TrancheStatus},
};
use crate::{
    features::funding::ids::{TrancheId, TrancheTransitionId},
    platform::{
        clock::Timestamp,
        db::schema::tranche_transitions,
        ids::UserId,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the history.
    ListTrancheTransitionsQuery {}
}

/// A move of a tranche.
#[derive(Serialize, ToSchema)]
pub struct TrancheTransitionView {
    /// Its identifier.
    pub id: TrancheTransitionId,
    /// What moved it.
    #[schema(inline)]
    pub action: TrancheMove,
    /// From where.
    #[schema(inline)]
    pub from_status: TrancheStatus,
    /// To where.
    #[schema(inline)]
    pub to_status: TrancheStatus,
    /// By whom; null when the system did.
    pub actor_id: Option<UserId>,
    /// Why.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

page_view! {
    /// A page of moves, oldest first.
    TrancheTransitionPage of TrancheTransitionView
}

/// List what became of a tranche.
///
/// Each move, oldest first.
#[utoipa::path(get, path = "/v1/tranches/{tranche_id}/transitions", tag = "Tranches",
    params(ListTrancheTransitionsQuery),
    responses((status = 200, description = "A page of moves.", body = TrancheTransitionPage)))]
pub async fn list_tranche_transitions(call: Call) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    let query: ListTrancheTransitionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("list_tranche_transitions", &seen.agreement.seen.standing)?;
        let matching = tranche_transitions::table.filter(tranche_transitions::tranche_id.eq(id));
        let mut rows = matching
            .order(tranche_transitions::id)
            .limit(slice.fetch())
            .select(TrancheTransitionRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(tranche_transitions::id.gt(after));
        }
        let rows: Vec<TrancheTransitionRow> = rows.load(connection)?;
        let total =
            slice.total(|most| matching.select(tranche_transitions::id).limit(most).load::<String>(connection))?;
        TrancheTransitionPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| TrancheTransitionView {
                id: row.id,
                action: row.command,
                from_status: row.from_status,
                to_status: row.to_status,
                actor_id: row.actor_id,
                reason: row.reason,
                at: row.at,
            },
        )
    })
    .await
}
