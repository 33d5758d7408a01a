//! The end of one key.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, update};

use super::{
    access::see,
    rows::{ApiKeyRow, save},
};
use crate::{
    features::identity::Changed,
    platform::{
        db::schema::api_keys,
        error::AppError,
        ids::{ApiKeyId, ServiceAccountId},
        web::{Answer, Body, Call, Reply},
    },
};

/// Revoke an API key.
///
/// It stops working within a second. `If-Match` names the version of the service account.
#[utoipa::path(delete, path = "/v1/service-accounts/{service_account_id}/keys/{api_key_id}", tag = "Service accounts",
    responses((status = 204, description = "Revoked.")))]
pub async fn revoke_api_key(call: Call, body: Body) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    let key_id = call.id("api_key_id", ApiKeyId::parse)?;
    call.look(move |connection, context| {
        let (_, standing) = see(connection, context.actor.as_ref(), id)?;
        context.permit("revoke_api_key", &standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    let changed = Changed::<String>::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let actor = tx.actor()?.clone();
            let (account, standing) = see(tx.conn, Some(&actor), id)?;
            tx.permit("revoke_api_key", &standing)?;
            tx.check_version(account.version)?;
            let before: ApiKeyRow = api_keys::table
                .find(key_id)
                .filter(api_keys::service_account_id.eq(id))
                .filter(api_keys::revoked_at.is_null())
                .select(ApiKeyRow::as_select())
                .first(tx.conn)
                .optional()?
                .ok_or_else(AppError::not_found)?;
            update(api_keys::table.find(key_id)).set(api_keys::revoked_at.eq(tx.now)).execute(tx.conn)?;
            save(tx.conn, account, tx.now)?;
            let after = ApiKeyRow { revoked_at: Some(tx.now), ..before.clone() };
            noted.note(vec![before.key_sha256.clone()]);
            tx.audit("api_key", key_id.as_str(), Some(&before), Some(&after))?;
            Ok(Reply::no_content())
        })
        .await?;
    call.state.api_keys.forget(&changed.taken());
    Ok(reply.into_response(None))
}
