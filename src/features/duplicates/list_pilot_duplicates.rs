//! The possible duplicates of a pilot, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    rows::{DuplicateId, DuplicateRow},
    status::DuplicateStatus,
    view::{DuplicateView, PairAndOther, own_among, standing, visible},
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::{pilot_duplicates, pilots},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which possible duplicates.
    ListPilotDuplicatesQuery {
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 4)]
        status: Option<Vec<DuplicateStatus>>,
    }
}

page_view! {
    /// A page of possible duplicates, oldest first.
    DuplicatePage of DuplicateView
}

/// List the possible duplicates of a pilot.
///
/// For its team and for staff, oldest first. A team learns of those pilots alone that it may see anyway.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/duplicates", tag = "Duplicates", params(ListPilotDuplicatesQuery),
    responses((status = 200, description = "A page of possible duplicates.", body = DuplicatePage)))]
pub async fn list_pilot_duplicates(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPilotDuplicatesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let seen = see(connection, Some(actor), id)?;
        context.permit("list_pilot_duplicates", &seen.standing)?;
        let statuses = query.status.as_deref().unwrap_or(DuplicateStatus::ALL);
        let of_pilot = || {
            visible(actor)
                .filter(pilot_duplicates::pilot_id.eq(id))
                .filter(pilot_duplicates::status.eq_any(statuses.to_vec()))
        };
        let mut rows = of_pilot().order(pilot_duplicates::id).limit(slice.fetch()).select((
            DuplicateRow::as_select(),
            pilots::reference,
            pilots::title_bn,
            pilots::title_en,
            pilots::status,
        ));
        if let Some(after) = slice.after_id() {
            rows = rows.filter(pilot_duplicates::id.gt(after));
        }
        let rows: Vec<PairAndOther> = rows.load(connection)?;
        let total =
            slice.total(|most| of_pilot().select(pilot_duplicates::id).limit(most).load::<DuplicateId>(connection))?;
        let others: Vec<PilotId> = rows.iter().map(|(row, ..)| row.other_id).collect();
        let own = own_among(connection, actor, &others)?;
        DuplicatePage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, ..)| Cursor { key: String::new(), id: row.id.to_string() },
            |pair| {
                let standing = standing(&seen.standing, own.contains(&pair.0.other_id));
                DuplicateView::new(pair, &seen.row, &standing)
            },
        )
    })
    .await
}
