//! Pausing an endpoint, and enabling one that was paused or disabled.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    endpoint_view::WebhookEndpointView,
    ids::WebhookEndpointId,
    rows::{EndpointRow, own_endpoint, save},
    status::{EndpointCommand, EndpointStatus, LIFECYCLE},
};
use crate::{
    features::changes::head_position,
    platform::{
        lifecycle::next,
        web::{Answer, Body, Call, Reply},
    },
};

/// What is to be done.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "pause"}))]
pub struct TransitionWebhookEndpointRequest {
    /// What is to be done.
    pub action: EndpointCommand,
}

impl EndpointCommand {
    const fn permission(self) -> &'static str {
        match self {
            Self::Pause => "transition_webhook_endpoint.pause",
            Self::Enable => "transition_webhook_endpoint.enable",
        }
    }
}

/// Pause or enable a webhook endpoint.
///
/// Enabled, it is told of changes from now on; those in between are in the feed of changes, and what failed can be
/// replayed.
#[utoipa::path(post, path = "/v1/webhook-endpoints/{endpoint_id}/transitions", tag = "Events",
    request_body = TransitionWebhookEndpointRequest,
    responses((status = 200, description = "The endpoint as it is now.", body = WebhookEndpointView)))]
pub async fn transition_webhook_endpoint(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    let request: TransitionWebhookEndpointRequest = body.read(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let before = own_endpoint(tx.conn, &actor, id)?;
        tx.check_version(before.version)?;
        let step = next(LIFECYCLE, before.status, request.action)?;
        let mut after = EndpointRow { status: step.to, ..before.clone() };
        if step.to == EndpointStatus::Active {
            after.status_reason = None;
            after.failing_since = None;
            after.start_position = head_position(tx.conn)?;
        }
        let after = save(tx, request.action.permission(), &before, after)?;
        Reply::record(after.version, &WebhookEndpointView::from(after))
    })
    .await
}
