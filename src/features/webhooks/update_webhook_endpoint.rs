//! Changing where an endpoint is and what it wants to know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    endpoint_view::{WebhookEndpointInput, WebhookEndpointView, changed_record_types, check_url},
    ids::WebhookEndpointId,
    rows::{EndpointRow, own_endpoint, save},
};
use crate::platform::{
    db::json_list::JsonList,
    web::{Answer, Body, Call, Reply, body::apply_patch},
};
/// What is to change.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"record_types": ["pilot", "plan"]}))]
pub struct UpdateWebhookEndpointRequest {
    /// An https URL on the public internet.
    #[schema(min_length = 8, max_length = 500, pattern = r"^[!-~]+$")]
    pub url: Option<String>,
    /// What it is for; null removes it.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub description: Option<String>,
    /// Changes to these kinds of records alone; all, if empty.
    #[schema(max_items = 20, schema_with = changed_record_types)]
    pub record_types: Option<Vec<String>>,
}

/// Change a webhook endpoint.
///
/// Messages that are on their way already go to the new URL.
#[utoipa::path(patch, path = "/v1/webhook-endpoints/{endpoint_id}", tag = "Events",
    request_body = UpdateWebhookEndpointRequest,
    responses((status = 200, description = "The endpoint as it is now.", body = WebhookEndpointView)))]
pub async fn update_webhook_endpoint(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    let present = call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    let patch = body.read_patch::<UpdateWebhookEndpointRequest>(&call).await?;
    let state = call.state.clone();
    let merged: WebhookEndpointInput = apply_patch(&state.schemas, &WebhookEndpointInput::of(&present), &patch)?;
    if merged.url != present.url {
        check_url(&state.outbound, &merged.url).await?;
    }
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let before = own_endpoint(tx.conn, &actor, id)?;
        tx.check_version(before.version)?;
        let merged: WebhookEndpointInput = apply_patch(&state.schemas, &WebhookEndpointInput::of(&before), &patch)?;
        let after = EndpointRow {
            url: merged.url,
            description: merged.description,
            record_types: JsonList::new(merged.record_types),
            ..before.clone()
        };
        let after = save(tx, "update_webhook_endpoint", &before, after)?;
        Reply::record(after.version, &WebhookEndpointView::from(after))
    })
    .await
}
