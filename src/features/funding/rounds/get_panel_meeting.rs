//! One meeting of a panel.

use super::{
    meeting_view::PanelMeetingView,
    store::{find_meeting, find_round},
};
use crate::{
    features::funding::{funds::standing, ids::PanelMeetingId},
    platform::web::{Answer, Call, Reply},
};

/// Read a panel meeting.
///
/// For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/panel-meetings/{meeting_id}", tag = "Funding rounds",
    responses((status = 200, description = "The meeting.", body = PanelMeetingView)))]
pub async fn get_panel_meeting(call: Call) -> Answer {
    let id = call.id("meeting_id", PanelMeetingId::parse)?;
    call.read(move |connection, context| {
        let row = find_meeting(connection, id)?;
        let round = find_round(connection, row.round_id)?;
        context.permit("get_panel_meeting", &standing(connection, context.actor.as_ref(), round.fund_id)?)?;
        Reply::record(1, &PanelMeetingView::new(row, round.panel_quorum))
    })
    .await
}
