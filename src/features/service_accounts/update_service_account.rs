//! A change to a service account: felt by its keys within a second.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    access::see,
    content::{LONGEST_ACCOUNT, ServiceAccountContent, check_is_active, check_last_day},
    rows::{ServiceAccountRow, digests, save},
    view::ServiceAccountView,
};
use crate::{
    features::identity::Changed,
    platform::{
        auth::Scope,
        db::json_list::JsonList,
        ids::ServiceAccountId,
        web::{Answer, Body, Call, Reply, body::apply_patch},
    },
};

/// What can be changed of a service account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct ServiceAccountPatch {
    /// What the owner tells it by.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    /// What its keys may be used for.
    #[schema(min_items = 1, max_items = 60)]
    scopes: Option<Vec<Scope>>,
    /// Its last day in Dhaka.
    ends_on: Option<NaiveDate>,
}

/// Change a service account.
///
/// Its name, its scopes and its last day; by its owner. Its keys feel it within a second.
#[utoipa::path(patch, path = "/v1/service-accounts/{service_account_id}", tag = "Service accounts",
    request_body = ServiceAccountPatch,
    responses((status = 200, description = "The service account as it is now.", body = ServiceAccountView)))]
pub async fn update_service_account(call: Call, body: Body) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    call.look(move |connection, context| {
        let (_, standing) = see(connection, context.actor.as_ref(), id)?;
        context.permit("update_service_account", &standing)
    })
    .await?;
    let patch = body.read_patch::<ServiceAccountPatch>(&call).await?;
    let state = Arc::clone(&call.state);
    let changed = Changed::<String>::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let actor = tx.actor()?.clone();
            let (before, standing) = see(tx.conn, Some(&actor), id)?;
            tx.permit("update_service_account", &standing)?;
            tx.check_version(before.version)?;
            check_is_active(before.status)?;
            let present = ServiceAccountContent {
                name: before.name.clone(),
                scopes: before.scopes.iter().cloned().map(Scope).collect(),
                ends_on: before.ends_on,
            };
            let content = apply_patch(&state.schemas, &present, &patch)?;
            if content.ends_on != before.ends_on {
                check_last_day("/ends_on", content.ends_on, LONGEST_ACCOUNT, tx.now)?;
            }
            let row = ServiceAccountRow {
                name: content.name.clone(),
                scopes: JsonList::new(content.scope_names()),
                ends_on: content.ends_on,
                ..before.clone()
            };
            let after = save(tx.conn, row, tx.now)?;
            noted.note(digests(tx.conn, id)?);
            tx.audit("service_account", id.as_str(), Some(&before), Some(&after))?;
            let view = ServiceAccountView::new(after, &actor);
            Reply::record(view.version, &view)
        })
        .await?;
    call.state.api_keys.forget(&changed.taken());
    Ok(reply.into_response(None))
}
