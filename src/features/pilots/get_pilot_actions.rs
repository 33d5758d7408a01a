//! What may I do, and why not: every action on a pilot, and for a closed one each condition that fails.

use super::{
    Facts, PilotId, actions,
    load::{facts, is_supported},
    see,
};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a pilot.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/actions", tag = "Pilots",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_pilot_actions(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let facts =
            Facts { is_supported: is_supported(connection, context.actor.as_ref(), id)?, ..facts(connection, id)? };
        Reply::ok(&ActionsView::new(actions::all(&seen.row, &seen.standing, &facts), context.meta.language))
    })
    .await
}
