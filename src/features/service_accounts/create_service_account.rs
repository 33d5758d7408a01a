//! A new service account, owned by who makes it.

use diesel::{RunQueryDsl, insert_into};

use super::{
    content::{LONGEST_ACCOUNT, ServiceAccountContent, check_last_day},
    rows::ServiceAccountRow,
    status::ServiceAccountStatus,
    view::ServiceAccountView,
};
use crate::platform::{
    db::{json_list::JsonList, schema::service_accounts},
    ids::ServiceAccountId,
    web::{Answer, Body, Call, Reply},
};

/// Create a service account.
///
/// It belongs to the caller, and its keys act in the caller's name, within its scopes.
#[utoipa::path(post, path = "/v1/service-accounts", tag = "Service accounts", request_body = ServiceAccountContent,
    responses((status = 201, description = "Created.", body = ServiceAccountView)))]
pub async fn create_service_account(call: Call, body: Body) -> Answer {
    let content: ServiceAccountContent = body.read(&call).await?;
    check_last_day("/ends_on", content.ends_on, LONGEST_ACCOUNT, call.now())?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let id: ServiceAccountId = tx.new_id();
        let row = ServiceAccountRow {
            id,
            owner_id: actor.user_id,
            name: content.name.clone(),
            scopes: JsonList::new(content.scope_names()),
            ends_on: content.ends_on,
            status: ServiceAccountStatus::Active,
            status_reason: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        };
        insert_into(service_accounts::table).values(&row).execute(tx.conn)?;
        tx.audit("service_account", id.as_str(), None, Some(&row))?;
        let view = ServiceAccountView::new(row, &actor);
        Reply::created(format!("/v1/service-accounts/{id}"), 1, &view)
    })
    .await
}
