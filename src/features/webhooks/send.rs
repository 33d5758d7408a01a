//! Sending one delivery: looked up, judged and signed at the moment of sending, posted outside any transaction, and noted.

use std::sync::Arc;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, insert_into, update};
use futures_util::{FutureExt, future::BoxFuture};
use serde::Serialize;

use super::{
    deliveries::{Queued, TOPIC},
    fan_out::viewer_of,
    ids::WebhookDeliveryId,
    rows::{AttemptRow, DeliveryRow, EndpointRow},
    secret::signatures,
    status::{DeliveryStatus, EndpointStatus},
};
use crate::{
    features::changes::{ChangeView, load, tell},
    platform::{
        audit::{self, AuditEvent, Entry, Mark},
        auth::LineScopes,
        clock::{Clock, Timestamp},
        db::{
            DbConnection,
            schema::{webhook_attempts, webhook_deliveries, webhook_endpoints},
        },
        error::AppError,
        outbound::Answered,
        outbox::{Handler, Message, PAUSES, SendError},
        web::AppState,
    },
};

/// After so long without a single success an endpoint is disabled.
const DISABLE_AFTER: chrono::Duration = chrono::Duration::days(3);

/// How much of an answer is kept, in characters.
const LONGEST_EXCERPT: usize = 500;

/// Sends what the outbox holds for webhooks.
pub struct WebhookSender;

impl Handler for WebhookSender {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn send<'a>(&'a self, state: &'a AppState, message: &'a Message) -> BoxFuture<'a, Result<(), SendError>> {
        deliver(state, message).boxed()
    }
}

/// What is posted.
#[derive(Serialize)]
struct Posted<'a> {
    r#type: String,
    timestamp: Timestamp,
    data: Option<Thin<'a>>,
}

/// No more than where to look: what the record says has to be fetched by someone who may read it.
#[derive(Serialize)]
struct Thin<'a> {
    position: i64,
    record_type: &'a str,
    record_id: &'a str,
    version: Option<i64>,
}

/// What is to become of a delivery.
enum Job {
    /// Nothing: it is gone, or done with.
    Nothing,
    /// It is done with, unsent.
    Close(DeliveryStatus),
    /// It is to be posted.
    Post(Box<EndpointRow>, Option<ChangeView>),
}

async fn deliver(state: &AppState, message: &Message) -> Result<(), SendError> {
    let id = message.payload::<Queued>()?.delivery_id;
    let now = state.clock.now();
    let lines = Arc::clone(&state.scopes);
    let (endpoint, change) = match state.db.tend(move |connection| look(connection, id, &lines, now)).await? {
        Job::Nothing => return Ok(()),
        Job::Close(status) => {
            state.db.tend(move |connection| close(connection, id, status, now)).await?;
            return Ok(());
        }
        Job::Post(endpoint, change) => (endpoint, change),
    };
    let posted = Posted {
        r#type: change.as_ref().map_or_else(|| "webhook.test".into(), |it| format!("{}.changed", it.record_type)),
        timestamp: change.as_ref().map_or(now, |change| change.at),
        data: change.as_ref().map(|change| Thin {
            position: change.position,
            record_type: &change.record_type,
            record_id: &change.record_id,
            version: change.version,
        }),
    };
    let body = serde_json::to_string(&posted).map_err(AppError::internal)?;
    let headers = [
        ("webhook-id", id.to_string()),
        ("webhook-timestamp", now.seconds().to_string()),
        ("webhook-signature", signatures(&state.cursor_key, &endpoint, id.as_str(), now, &body)?),
    ];
    let answered = state.outbound.post(&endpoint.url, &headers, body).await;
    let outcome = outcome(&answered);
    let is_last = usize::try_from(message.attempt).is_ok_and(|attempt| attempt > PAUSES.len());
    let (clock, result) = (state.clock.clone(), outcome.clone());
    state.db.tend(move |connection| note(connection, &clock, id, &answered, &result, is_last)).await?;
    outcome
}

/// 2xx is taken; 410 is a wish to be left alone.
fn outcome(answered: &Answered) -> Result<(), SendError> {
    match (answered.status, &answered.error) {
        (Some(200..=299), _) => Ok(()),
        (Some(410), _) => Err(SendError::Never("the receiver is gone (410)".into())),
        (Some(status), _) => Err(SendError::Later(format!("the receiver answered {status}"))),
        (None, error) => Err(SendError::Later(error.clone().unwrap_or_else(|| "no answer".into()))),
    }
}

fn look(
    connection: &mut DbConnection,
    id: WebhookDeliveryId,
    lines: &LineScopes,
    now: Timestamp,
) -> Result<Job, AppError> {
    let found: Option<(DeliveryRow, EndpointRow)> = find(connection, id)?;
    let Some((delivery, endpoint)) = found else { return Ok(Job::Nothing) };
    if delivery.status != DeliveryStatus::Pending {
        return Ok(Job::Nothing);
    }
    let viewer = viewer_of(connection, &endpoint, lines, now)?;
    let (Some(viewer), EndpointStatus::Active) = (viewer, endpoint.status) else {
        return Ok(Job::Close(DeliveryStatus::Failed));
    };
    let Some(position) = delivery.position else { return Ok(Job::Post(Box::new(endpoint), None)) };
    let rows = load(connection, (position - 1, position), &[], 1)?;
    let told = tell(connection, &viewer, rows)?.pop().and_then(|told| told.change);
    Ok(match told {
        Some(change) => Job::Post(Box::new(endpoint), Some(change)),
        None => Job::Close(DeliveryStatus::Skipped),
    })
}

fn find(connection: &mut DbConnection, id: WebhookDeliveryId) -> Result<Option<(DeliveryRow, EndpointRow)>, AppError> {
    let delivery: Option<DeliveryRow> =
        webhook_deliveries::table.find(id).select(DeliveryRow::as_select()).first(connection).optional()?;
    let Some(delivery) = delivery else { return Ok(None) };
    let endpoint: Option<EndpointRow> = webhook_endpoints::table
        .find(delivery.endpoint_id)
        .select(EndpointRow::as_select())
        .first(connection)
        .optional()?;
    Ok(endpoint.map(|endpoint| (delivery, endpoint)))
}

fn close(
    connection: &mut DbConnection,
    id: WebhookDeliveryId,
    status: DeliveryStatus,
    now: Timestamp,
) -> Result<(), AppError> {
    update(webhook_deliveries::table.find(id))
        .set((webhook_deliveries::status.eq(status), webhook_deliveries::finished_at.eq(now)))
        .execute(connection)?;
    Ok(())
}

/// Writes the attempt down, and what follows from it for the delivery and the endpoint.
fn note(
    connection: &mut DbConnection,
    clock: &Clock,
    id: WebhookDeliveryId,
    answered: &Answered,
    outcome: &Result<(), SendError>,
    is_last: bool,
) -> Result<(), AppError> {
    let now = clock.now();
    let Some((delivery, endpoint)) = find(connection, id)? else { return Ok(()) };
    let number = delivery.attempts + 1;
    let excerpt: String = answered.body.chars().filter(|c| !c.is_control()).take(LONGEST_EXCERPT).collect();
    insert_into(webhook_attempts::table)
        .values(&AttemptRow {
            delivery_id: id,
            number,
            at: now,
            http_status: answered.status.map(i32::from),
            milliseconds: answered.milliseconds,
            error: answered.error.clone(),
            response: Some(excerpt).filter(|text| !text.is_empty()),
        })
        .execute(connection)?;
    update(webhook_deliveries::table.find(id)).set(webhook_deliveries::attempts.eq(number)).execute(connection)?;
    match outcome {
        Ok(()) => {
            close(connection, id, DeliveryStatus::Delivered, now)?;
            if endpoint.failing_since.is_some() {
                set_failing(connection, &endpoint, None)?;
            }
            return Ok(());
        }
        Err(SendError::Never(_)) => close(connection, id, DeliveryStatus::Failed, now)?,
        Err(SendError::Later(_)) if is_last => close(connection, id, DeliveryStatus::Failed, now)?,
        Err(SendError::Later(_)) => {}
    }
    let since = endpoint.failing_since.unwrap_or(now);
    match outcome {
        Err(SendError::Never(_)) => disable(connection, clock, &endpoint, "The receiver answered 410 Gone."),
        _ if since.plus(DISABLE_AFTER) <= now => {
            disable(connection, clock, &endpoint, "Every attempt failed for three days.")
        }
        _ if endpoint.failing_since.is_none() => set_failing(connection, &endpoint, Some(now)),
        _ => Ok(()),
    }
}

/// Kept beside the version: it is no change that its owner made.
fn set_failing(
    connection: &mut DbConnection,
    endpoint: &EndpointRow,
    since: Option<Timestamp>,
) -> Result<(), AppError> {
    update(webhook_endpoints::table.find(endpoint.id))
        .set(webhook_endpoints::failing_since.eq(since))
        .execute(connection)?;
    Ok(())
}

/// Disables an endpoint. Its owner finds that in the feed of changes and at the endpoint.
fn disable(
    connection: &mut DbConnection,
    clock: &Clock,
    before: &EndpointRow,
    reason: &'static str,
) -> Result<(), AppError> {
    let now = clock.now();
    let after = EndpointRow {
        status: EndpointStatus::Disabled,
        status_reason: Some(reason.to_owned()),
        version: before.version + 1,
        updated_at: now,
        ..before.clone()
    };
    let changed = update(
        webhook_endpoints::table
            .find(before.id)
            .filter(webhook_endpoints::version.eq(before.version))
            .filter(webhook_endpoints::status.eq(EndpointStatus::Active)),
    )
    .set(&after)
    .execute(connection)?;
    if changed == 0 {
        return Ok(());
    }
    tracing::warn!(endpoint = %before.id, reason, "a webhook endpoint is disabled");
    let event = AuditEvent {
        at: now,
        actor_id: None,
        service_account_id: None,
        operation: "webhooks.disable".to_owned(),
        record_type: "webhook_endpoint",
        record_id: before.id.to_string(),
        request_id: "background".to_owned(),
        address: None,
        before_sha256: Some(audit::digest(before)?),
        after_sha256: Some(audit::digest(&after)?),
    };
    let mark = Mark { subject: Some(("user", before.owner_id.to_string())), version: Some(after.version) };
    audit::append(connection, Entry { id: clock.new_uuid(now).into(), event, mark })
}
