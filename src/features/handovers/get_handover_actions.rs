//! What may I do to an offer, and why not.

use super::{
    guards::acceptance_obstacle,
    rows::HandoverId,
    status::HandoverCommand,
    view::{action, see_handover},
};
use crate::{
    features::actions::{ActionsView, as_conditions},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a handover.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails: also what has become of the
/// pilot and of you since it was offered.
#[utoipa::path(get, path = "/v1/handovers/{handover_id}/actions", tag = "Handovers",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_handover_actions(call: Call) -> Answer {
    let id = call.id("handover_id", HandoverId::parse)?;
    call.read(move |connection, context| {
        let ((row, ..), pilot, standing) = see_handover(connection, context.user()?, id)?;
        let mut actions = Vec::new();
        for command in HandoverCommand::ALL {
            let mut found = action(*command, row.status_at(context.now()), &standing);
            if *command == HandoverCommand::Accept && found.is_open() {
                let obstacle = acceptance_obstacle(connection, &row, &pilot)?;
                found = found.needing(|| obstacle.map_or_else(Vec::new, as_conditions));
            }
            actions.push(found);
        }
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
