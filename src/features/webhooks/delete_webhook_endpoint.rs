//! Giving an endpoint up, with its log.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{access::own_endpoint, ids::WebhookEndpointId, rows::EndpointRow};
use crate::platform::{
    db::schema::webhook_endpoints,
    web::{Answer, Body, Call, Reply},
};

/// Delete a webhook endpoint.
///
/// With its delivery log. What waits to be sent is not sent any more.
#[utoipa::path(delete, path = "/v1/webhook-endpoints/{endpoint_id}", tag = "Events",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete_webhook_endpoint(call: Call, body: Body) -> Answer {
    let id = call.id("endpoint_id", WebhookEndpointId::parse)?;
    call.look(move |connection, context| own_endpoint(connection, context.user()?, id)).await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let row = own_endpoint(tx.conn, &actor, id)?;
        tx.check_version(row.version)?;
        delete(webhook_endpoints::table.find(id)).execute(tx.conn)?;
        tx.concerns("user", row.owner_id.as_str());
        tx.audit::<EndpointRow>("webhook_endpoint", id.as_str(), Some(&row), None)?;
        Ok(Reply::no_content())
    })
    .await
}
