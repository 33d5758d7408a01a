//! The end of a service account, by its owner or an administrator.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see,
    rows::{ServiceAccountRow, digests, save},
    status::{LIFECYCLE, ServiceAccountCommand},
    view::ServiceAccountView,
};
use crate::{
    features::{identity::Changed, webhooks::end_with_account},
    platform::{
        ids::ServiceAccountId,
        lifecycle::next,
        web::{Answer, Body, Call, Reply},
    },
};

/// What is to be done, and why.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "revoke", "reason": "The dashboard was switched off."}))]
pub struct TransitionServiceAccountRequest {
    /// What is to be done.
    pub action: ServiceAccountCommand,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Revoke a service account.
///
/// All its keys stop working within a second, for ever. Webhook endpoints that they made are disabled with it.
#[utoipa::path(post, path = "/v1/service-accounts/{service_account_id}/transitions", tag = "Service accounts",
    request_body = TransitionServiceAccountRequest,
    responses((status = 200, description = "The service account as it is now.", body = ServiceAccountView)))]
pub async fn transition_service_account(call: Call, body: Body) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    // There is one command only, so that it can be refused before the body is read.
    call.look(move |connection, context| {
        let (_, standing) = see(connection, context.actor.as_ref(), id)?;
        context.permit(ServiceAccountCommand::Revoke.permission(), &standing)
    })
    .await?;
    let request: TransitionServiceAccountRequest = body.read(&call).await?;
    let changed = Changed::<String>::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let actor = tx.actor()?.clone();
            let (before, standing) = see(tx.conn, Some(&actor), id)?;
            tx.permit(request.action.permission(), &standing)?;
            tx.check_version(before.version)?;
            let status = next(LIFECYCLE, before.status, request.action)?.to;
            let row = ServiceAccountRow { status, status_reason: Some(request.reason.clone()), ..before.clone() };
            let after = save(tx.conn, row, tx.now)?;
            noted.note(digests(tx.conn, id)?);
            tx.audit_as(request.action.permission(), "service_account", id.as_str(), Some(&before), Some(&after))?;
            end_with_account(tx, id, request.action.permission())?;
            let view = ServiceAccountView::new(after, &actor);
            Reply::record(view.version, &view)
        })
        .await?;
    call.state.api_keys.forget(&changed.taken());
    Ok(reply.into_response(None))
}
