//! Reading one handover.

use super::{
    rows::HandoverId,
    view::{HandoverView, see_handover},
};
use crate::platform::web::{Answer, Call, Reply};

/// Read a handover.
///
/// For its receiver, the pilot's team and staff.
#[utoipa::path(get, path = "/v1/handovers/{handover_id}", tag = "Handovers",
    responses((status = 200, description = "The handover.", body = HandoverView)))]
pub async fn get_handover(call: Call) -> Answer {
    let id = call.id("handover_id", HandoverId::parse)?;
    call.read(move |connection, context| {
        let (loaded, _, standing) = see_handover(connection, context.user()?, id)?;
        let view = HandoverView::new(loaded, &standing, context.now());
        Reply::record(view.version, &view)
    })
    .await
}
