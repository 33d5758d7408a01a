//! What was offered to the caller, latest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{
    list_pilot_handovers::HandoverPage,
    rows::HandoverId,
    view::{HandoverView, Of, latest, standing},
};
use crate::platform::{
    auth::Standing,
    db::schema::pilot_handovers,
    web::{Answer, Call, Page, cursor::Cursor, page_query},
};

page_query! {
    /// Which part of the handovers.
    ListHandoversQuery {}
}

/// List the handovers offered to you.
///
/// Open and past ones, the latest first.
#[utoipa::path(get, path = "/v1/handovers", tag = "Handovers", params(ListHandoversQuery),
    responses((status = 200, description = "A page of handovers.", body = HandoverPage)))]
pub async fn list_handovers(call: Call) -> Answer {
    let query: ListHandoversQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let rows = latest(connection, Of::Receiver(actor.user_id), slice.after_id(), slice.fetch())?;
        let total = slice.total(|most| {
            pilot_handovers::table
                .filter(pilot_handovers::to_user_id.eq(actor.user_id))
                .select(pilot_handovers::id)
                .limit(most)
                .load::<HandoverId>(connection)
        })?;
        // A receiver answers; what else they are to the pilot plays no part in that.
        let reader = Standing { logged_in: true, roles: actor.roles, reach: actor.reach, ..Standing::default() };
        HandoverPage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, ..)| Cursor { key: String::new(), id: row.id.to_string() },
            |loaded| {
                let standing = standing(actor, &reader, &loaded.0);
                HandoverView::new(loaded, &standing, context.now())
            },
        )
    })
    .await
}
