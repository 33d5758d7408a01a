//! What may I do to an endpoint, and why not.

use super::{
    access::{programs, see_endpoint, standing},
    endpoint_view::{action, is_over},
    ids::WebhookEndpointId,
    status::EndpointCommand,
};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a webhook endpoint.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/webhook-endpoints/{endpoint_id}/actions", tag = "Events",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_webhook_endpoint_actions(call: Call) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let row = see_endpoint(connection, actor, id)?;
        let is_over = is_over(&row, &programs(connection, std::iter::once(&row), context.now())?);
        let standing = standing(actor, &row);
        let actions = EndpointCommand::ALL.iter().map(|command| action(*command, &row, &standing, is_over));
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
