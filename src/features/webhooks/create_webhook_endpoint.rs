//! A new endpoint: told of every change from now on that its owner may see.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into};

use super::{
    endpoint_view::{WebhookEndpointInput, WebhookEndpointView, check_url},
    rows::EndpointRow,
    secret::secret,
    status::EndpointStatus,
};
use crate::{
    features::changes::head_position,
    platform::{
        auth::Standing,
        crypto::random_token,
        db::{json_list::JsonList, schema::webhook_endpoints},
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// How many endpoints a person can have.
const MOST_ENDPOINTS: i64 = 10;

/// Make a webhook endpoint.
///
/// From now on it is posted every change that its owner may see, by the Standard Webhooks specification. The answer holds
/// the signing secret, this once; a retry with the same `Idempotency-Key` does not show it again. At most ten a person.
/// Made by an API key, it is told of what the scopes of the service account let it read, needs `events:read` too, and ends
/// with the service account.
#[utoipa::path(post, path = "/v1/webhook-endpoints", tag = "Events", request_body = WebhookEndpointInput,
    responses((status = 201, description = "The endpoint, with its secret.", body = WebhookEndpointView)))]
pub async fn create_webhook_endpoint(call: Call, body: Body) -> Answer {
    let request: WebhookEndpointInput = body.read(&call).await?;
    check_url(&call.state.outbound, &request.url).await?;
    let (key, salt) = (call.state.cursor_key.clone(), random_token(24)?);
    call.write(move |tx| {
        let row = run(tx, &request, &salt)?;
        let shown = secret(&key, row.id, &salt);
        let actor = tx.actor()?.clone();
        let hidden = WebhookEndpointView::of(tx.conn, row, &actor, tx.now)?;
        let location = format!("/v1/webhook-endpoints/{}", hidden.id);
        let view = WebhookEndpointView { secret: Some(shown), ..hidden.clone() };
        Reply::created(location, hidden.version, &view)?.secret_once(&hidden)
    })
    .await
}

fn run(tx: &mut Tx<'_>, request: &WebhookEndpointInput, salt: &str) -> Result<EndpointRow, AppError> {
    let actor = tx.actor()?.clone();
    // What is posted is what the feed says: no key gets by a webhook what it may not read there.
    tx.permit("list_changes", &Standing { logged_in: true, reach: actor.reach, ..Standing::default() })?;
    let owner_id = actor.user_id;
    let own = webhook_endpoints::table.filter(webhook_endpoints::owner_id.eq(owner_id));
    let count: i64 = own.count().get_result(tx.conn)?;
    if count >= MOST_ENDPOINTS {
        return Err(AppError::new(ErrorCode::Conflict)
            .detail("A person has at most 10 endpoints.", "একজনের সর্বোচ্চ ১০টি এন্ডপয়েন্ট থাকতে পারে।"));
    }
    let row = EndpointRow {
        id: tx.new_id(),
        owner_id,
        url: request.url.clone(),
        description: request.description.clone(),
        record_types: JsonList::new(request.kinds()),
        status: EndpointStatus::Active,
        status_reason: None,
        secret_salt: salt.to_owned(),
        old_secret_salt: None,
        old_secret_until: None,
        start_position: head_position(tx.conn)?,
        failing_since: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        service_account_id: actor.service_account_id(),
        disabled_by: None,
    };
    insert_into(webhook_endpoints::table).values(&row).execute(tx.conn)?;
    tx.concerns("user", owner_id.as_str());
    tx.audit("webhook_endpoint", row.id.as_str(), None, Some(&row))?;
    Ok(row)
}
