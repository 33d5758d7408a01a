//! The decisions at the gates of a pilot, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::GateDecisionRow, view::GateDecisionView};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::gate_decisions,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the decisions.
    ListGateDecisionsQuery {}
}

page_view! {
    /// A page of gate decisions, oldest first.
    GateDecisionPage of GateDecisionView
}

/// List the gate decisions of a pilot.
///
/// Both gates, oldest first; none is ever removed.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/gate-decisions", tag = "Gates", params(ListGateDecisionsQuery),
    responses((status = 200, description = "A page of decisions.", body = GateDecisionPage)))]
pub async fn list_gate_decisions(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListGateDecisionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let mut rows = gate_decisions::table
            .filter(gate_decisions::pilot_id.eq(id.as_str()))
            .order(gate_decisions::id)
            .limit(slice.fetch())
            .select(GateDecisionRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(gate_decisions::id.gt(after));
        }
        let rows: Vec<GateDecisionRow> = rows.load(connection)?;
        let total = slice.total(|most| {
            gate_decisions::table
                .filter(gate_decisions::pilot_id.eq(id.as_str()))
                .select(gate_decisions::id)
                .limit(most)
                .load::<String>(connection)
        })?;
        GateDecisionPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| GateDecisionView::new(row, &seen, context.actor.as_ref(), context.meta.language),
        )
    })
    .await
}
