//! Reading one pilot.

use super::{PilotId, load, view::PilotView};
use crate::platform::web::{Answer, Call, Reply};

/// Read a pilot.
///
/// Published pilots are for anyone, accepted ones for every logged-in person, drafts and running screenings for their
/// team and for staff. What you may not see is 404.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}", tag = "Pilots",
    responses((status = 200, description = "The pilot.", body = PilotView)))]
pub async fn get_pilot(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        let view = load::view(connection, context.actor.as_ref(), id)?;
        Reply::record(view.version, &view)
    })
    .await
}
