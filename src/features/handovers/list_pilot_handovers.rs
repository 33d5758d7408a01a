//! The handovers of a pilot, latest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{
    rows::HandoverId,
    view::{HandoverView, Of, latest, standing},
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::pilot_handovers,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the handovers.
    ListPilotHandoversQuery {}
}

page_view! {
    /// A page of handovers, latest first.
    HandoverPage of HandoverView
}

/// List the handovers of a pilot.
///
/// For its team and for staff, the latest first.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/handovers", tag = "Handovers", params(ListPilotHandoversQuery),
    responses((status = 200, description = "A page of handovers.", body = HandoverPage)))]
pub async fn list_pilot_handovers(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPilotHandoversQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let seen = see(connection, Some(actor), id)?;
        context.permit("list_pilot_handovers", &seen.standing)?;
        let rows = latest(connection, Of::Pilot(id), slice.after_id(), slice.fetch())?;
        let total = slice.total(|most| {
            pilot_handovers::table
                .filter(pilot_handovers::pilot_id.eq(id))
                .select(pilot_handovers::id)
                .limit(most)
                .load::<HandoverId>(connection)
        })?;
        HandoverPage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, ..)| Cursor { key: String::new(), id: row.id.to_string() },
            |loaded| {
                let standing = standing(actor, &seen.standing, &loaded.0);
                HandoverView::new(loaded, &standing, context.now())
            },
        )
    })
    .await
}
