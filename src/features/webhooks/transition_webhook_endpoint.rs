//! Pausing an endpoint, enabling one that was paused or disabled, and an administrator's stop.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{programs, see_endpoint, standing},
    endpoint_view::{WebhookEndpointView, enable_obstacle, is_over},
    ids::WebhookEndpointId,
    rows::{EndpointRow, save},
    status::{EndpointCommand, EndpointStatus, LIFECYCLE},
};
use crate::{
    features::changes::head_position,
    platform::{
        error::{AppError, FieldError},
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is to be done.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "pause"}))]
pub struct TransitionWebhookEndpointRequest {
    /// What is to be done.
    pub action: EndpointCommand,
    /// Why; needed for `disable`.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Pause, enable or disable a webhook endpoint.
///
/// Its owner pauses and enables it; an administrator disables anyone's, with a reason, and only an administrator enables
/// that again. What happens meanwhile is never sent by itself, as with other senders by Standard Webhooks: no flood greets
/// a receiver that comes back. Enabled, the endpoint is told of changes from then on. To catch up, read the feed from where
/// the last message stood, `GET /v1/changes?after_position=…` with its `data.position`; deliveries that had been made and
/// failed, those cut off by the pause among them, can be sent again with `replay_webhook_deliveries`.
#[utoipa::path(post, path = "/v1/webhook-endpoints/{endpoint_id}/transitions", tag = "Events",
    request_body = TransitionWebhookEndpointRequest,
    responses((status = 200, description = "The endpoint as it is now.", body = WebhookEndpointView)))]
pub async fn transition_webhook_endpoint(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| see_endpoint(connection, context.user()?, id)).await?;
    let request: TransitionWebhookEndpointRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: WebhookEndpointId, request: &TransitionWebhookEndpointRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let before = see_endpoint(tx.conn, &actor, id)?;
    let standing = standing(&actor, &before);
    tx.permit(request.action.permission(), &standing)?;
    tx.check_version(before.version)?;
    let step = next(LIFECYCLE, before.status, request.action)?;
    if step.needs_reason && request.reason.is_none() {
        return Err(AppError::validation(vec![FieldError::body(
            "/reason",
            "required",
            "This action needs a reason.",
            "এই কাজের জন্য কারণ দিতে হবে।",
        )]));
    }
    let after = EndpointRow { status: step.to, status_reason: request.reason.clone(), ..before.clone() };
    let after = match request.action {
        EndpointCommand::Pause => after,
        EndpointCommand::Disable => EndpointRow { disabled_by: Some(actor.user_id), ..after },
        EndpointCommand::Enable => {
            let programs = programs(tx.conn, std::iter::once(&before), tx.now)?;
            if let Some(obstacle) = enable_obstacle(&before, &standing, is_over(&before, &programs)) {
                return Err(obstacle);
            }
            EndpointRow {
                status: EndpointStatus::Active,
                status_reason: None,
                disabled_by: None,
                failing_since: None,
                start_position: head_position(tx.conn)?,
                ..after
            }
        }
    };
    let after = save(tx, request.action.permission(), &before, after)?;
    Reply::record(after.version, &WebhookEndpointView::of(tx.conn, after, &actor, tx.now)?)
}
