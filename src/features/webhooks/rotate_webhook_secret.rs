//! A new signing secret. For a day messages carry the signatures of both, so a receiver can change over without a gap.

use super::{
    access::own_endpoint,
    endpoint_view::WebhookEndpointView,
    ids::WebhookEndpointId,
    rows::{EndpointRow, save},
    secret::{OVERLAP, secret},
};
use crate::platform::{
    crypto::random_token,
    web::{Answer, Body, Call, Reply},
};

/// Make a new secret for a webhook endpoint.
///
/// It is shown this once. For 24 hours messages are signed with the old one as well.
#[utoipa::path(post, path = "/v1/webhook-endpoints/{endpoint_id}/secrets", tag = "Events",
    responses((status = 200, description = "The endpoint, with its new secret.", body = WebhookEndpointView)))]
pub async fn rotate_webhook_secret(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    body.expect_nothing(&call).await?;
    let (key, salt) = (call.state.cursor_key.clone(), random_token(24)?);
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let before = own_endpoint(tx.conn, &actor, id)?;
        let after = EndpointRow {
            secret_salt: salt.clone(),
            old_secret_salt: Some(before.secret_salt.clone()),
            old_secret_until: Some(tx.now.plus(OVERLAP)),
            ..before.clone()
        };
        let after = save(tx, "rotate_webhook_secret", &before, after)?;
        let shown = secret(&key, id, &salt);
        let hidden = WebhookEndpointView::of(tx.conn, after, &actor, tx.now)?;
        let view = WebhookEndpointView { secret: Some(shown), ..hidden.clone() };
        Reply::ok(&view)?.secret_once(&hidden)
    })
    .await
}
