//! A new key. It outlives the login that made it, so the owner's password is asked for: a stolen access token of ten
//! minutes must not become a key of a year.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see,
    content::{LONGEST_KEY, check_is_active, check_last_day},
    rows::{ApiKeyRow, save},
    view::{ApiKeyView, NewApiKeyView},
};
use crate::{
    features::second_factor::check_password,
    platform::{
        auth::NewKey,
        db::schema::api_keys,
        error::{AppError, ErrorCode},
        ids::{ApiKeyId, ServiceAccountId},
        web::{Answer, Body, Call, Reply},
    },
};

/// How many keys of one service account work at the same time: enough to change them without a pause.
const MOST_KEYS: i64 = 5;

/// Until when, and the proof of who is asking.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_on": "2027-06-30", "password": "demo pilots for everyone"}))]
pub struct CreateApiKeyRequest {
    /// The key's last day in Dhaka: at most a year from now, and not after that of the service account.
    pub expires_on: NaiveDate,
    /// The owner's password.
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
}

/// Create an API key.
///
/// The key is returned this once; what is stored is its SHA-256. At most five keys of one service account work at the
/// same time.
#[utoipa::path(post, path = "/v1/service-accounts/{service_account_id}/keys", tag = "Service accounts",
    request_body = CreateApiKeyRequest,
    responses((status = 201, description = "Created.", body = NewApiKeyView)))]
pub async fn create_api_key(call: Call, body: Body) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    call.look(move |connection, context| {
        let (_, standing) = see(connection, context.actor.as_ref(), id)?;
        context.permit("create_api_key", &standing)
    })
    .await?;
    let request: CreateApiKeyRequest = body.read(&call).await?;
    check_last_day("/expires_on", request.expires_on, LONGEST_KEY, call.now())?;
    check_password(&call, request.password).await?;
    let new = NewKey::make()?;
    let expires_on = request.expires_on;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let (before, standing) = see(tx.conn, Some(&actor), id)?;
        tx.permit("create_api_key", &standing)?;
        check_is_active(before.status)?;
        if expires_on > before.ends_on {
            let days = u64::try_from((before.ends_on - tx.now.day_in_dhaka()).num_days()).unwrap_or_default();
            check_last_day("/expires_on", expires_on, days, tx.now)?;
        }
        let live: i64 = api_keys::table
            .filter(api_keys::service_account_id.eq(id))
            .filter(api_keys::revoked_at.is_null())
            .filter(api_keys::expires_on.ge(tx.now.day_in_dhaka()))
            .count()
            .get_result(tx.conn)?;
        if live >= MOST_KEYS {
            return Err(AppError::new(ErrorCode::Conflict)
                .detail("Five keys work already; revoke one first.", "পাঁচটি কী আগে থেকেই চালু; আগে একটি বাতিল করুন।"));
        }
        let key_id: ApiKeyId = tx.new_id();
        let row = ApiKeyRow {
            id: key_id,
            service_account_id: id,
            prefix: new.prefix.clone(),
            key_sha256: new.sha256.clone(),
            expires_on,
            last_used_at: None,
            revoked_at: None,
            created_at: tx.now,
        };
        insert_into(api_keys::table).values(&row).execute(tx.conn)?;
        let account = save(tx.conn, before, tx.now)?;
        tx.audit("api_key", key_id.as_str(), None, Some(&row))?;
        let mut answer = NewApiKeyView { api_key: ApiKeyView::from(row), key: Some(new.key.clone()) };
        let reply = Reply::created(format!("/v1/service-accounts/{id}"), account.version, &answer)?;
        answer.key = None;
        reply.secret_once(&answer)
    })
    .await
}
