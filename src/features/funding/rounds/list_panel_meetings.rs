//! The meetings of the panel of a round.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{meeting_view::PanelMeetingView, rows::PanelMeetingRow, store::find_round};
use crate::{
    features::funding::{
        funds::standing,
        ids::{PanelMeetingId, RoundId},
    },
    platform::{
        db::schema::panel_meetings,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the meetings.
    ListPanelMeetingsQuery {}
}

page_view! {
    /// A page of meetings, oldest first.
    PanelMeetingPage of PanelMeetingView
}

/// List the panel meetings of a funding round.
///
/// In the order in which they were written down; for those who read the books of the fund.
#[utoipa::path(get, path = "/v1/funding-rounds/{round_id}/panel-meetings", tag = "Funding rounds",
    params(ListPanelMeetingsQuery),
    responses((status = 200, description = "A page of meetings.", body = PanelMeetingPage)))]
pub async fn list_panel_meetings(call: Call) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    let query: ListPanelMeetingsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let round = find_round(connection, id)?;
        context.permit("list_panel_meetings", &standing(connection, context.actor.as_ref(), round.fund_id)?)?;
        let all = panel_meetings::table.filter(panel_meetings::round_id.eq(id));
        let total =
            slice.total(|most| all.select(panel_meetings::id).limit(most).load::<PanelMeetingId>(connection))?;
        let mut rest =
            all.order(panel_meetings::id).limit(slice.fetch()).select(PanelMeetingRow::as_select()).into_boxed();
        if let Some(after) = slice.after_id() {
            rest = rest.filter(panel_meetings::id.gt(after));
        }
        let rows: Vec<PanelMeetingRow> = rest.load(connection)?;
        let cursor = |row: &PanelMeetingRow| Cursor { key: String::new(), id: row.id.to_string() };
        PanelMeetingPage::reply(context, &slice, rows, total, cursor, |row| {
            PanelMeetingView::new(row, round.panel_quorum)
        })
    })
    .await
}
