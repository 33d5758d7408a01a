//! Sharing a service among its pilots: all shares at once, at most the whole, by someone who has no pilot in it.

use std::collections::HashSet;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, insert_into};

use super::{
    AttributionId,
    access::standing_to_service,
    attributions::{AttributionRow, AttributionView, CreateAttributionRequest, shares_of},
    effects::follow_pilot,
};
use crate::{
    features::pilots::{PilotId, PilotRow},
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{attribution_shares, attributions, pilots},
        },
        error::{AppError, FieldError},
        ids::ServiceId,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Share a service among its pilots.
///
/// Takes the place of the attribution before it; that one stays on record. The only measured pilot of a service has all
/// of it unless it is given a share. Not by members of a pilot on the service.
#[utoipa::path(post, path = "/v1/services/{service_id}/attributions", tag = "Impact",
    request_body = CreateAttributionRequest,
    responses((status = 201, description = "The attribution that counts from now on.", body = AttributionView)))]
pub async fn create_attribution(call: Call, body: Body) -> Answer {
    let id = call.id("service_id", ServiceId::parse)?;
    call.look(move |connection, context| {
        let standing = standing_to_service(connection, context.user()?, id)?;
        context.permit("create_attribution", &standing)
    })
    .await?;
    let request: CreateAttributionRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, service: ServiceId, request: &CreateAttributionRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let standing = standing_to_service(tx.conn, &actor, service)?;
    tx.permit("create_attribution", &standing)?;
    check(tx.conn, service, request)?;
    let before: Option<(AttributionId, i64, Timestamp)> = attributions::table
        .filter(attributions::service_id.eq(service))
        .order(attributions::revision.desc())
        .select((attributions::id, attributions::revision, attributions::recorded_at))
        .first(tx.conn)
        .optional()?;
    let row = AttributionRow {
        id: tx.new_id(),
        service_id: service,
        revision: before.map_or(1, |(_, revision, _)| revision + 1),
        reason: request.reason.clone(),
        recorded_by: actor.user_id,
        recorded_at: before.map_or(tx.now, |(_, _, at)| at.max(tx.now)),
    };
    insert_into(attributions::table).values(&row).execute(tx.conn)?;
    let mut shares = request.shares.clone();
    shares.sort_by_key(|share| share.pilot_id);
    for share in &shares {
        insert_into(attribution_shares::table)
            .values((
                attribution_shares::attribution_id.eq(row.id),
                attribution_shares::pilot_id.eq(share.pilot_id),
                attribution_shares::basis_points.eq(share.basis_points),
            ))
            .execute(tx.conn)?;
    }
    follow(tx, before.map(|(id, ..)| id), row.id)?;
    tx.audit("attribution", row.id.as_str(), None, Some(&(&row, &shares)))?;
    let place = format!("/v1/attributions/{}", row.id);
    Reply::created(place, 1, &AttributionView::new(row, shares, true))
}

/// Whose share may have changed is looked at again.
fn follow(tx: &mut Tx<'_>, before: Option<AttributionId>, after: AttributionId) -> Result<(), AppError> {
    let ids: Vec<AttributionId> = before.into_iter().chain([after]).collect();
    let concerned: HashSet<PilotId> =
        shares_of(tx.conn, &ids)?.into_values().flatten().map(|share| share.pilot_id).collect();
    let rows: Vec<PilotRow> = pilots::table
        .filter(pilots::id.eq_any(concerned))
        .order(pilots::id)
        .select(PilotRow::as_select())
        .load(tx.conn)?;
    rows.iter().try_for_each(|pilot| follow_pilot(tx.conn, pilot, tx.now.day_in_dhaka()))
}

/// Everything that is wrong, at once: a pilot that is none of this service's, one that is named twice, too much in all.
fn check(
    connection: &mut DbConnection,
    service: ServiceId,
    request: &CreateAttributionRequest,
) -> Result<(), AppError> {
    let named: Vec<PilotId> = request.shares.iter().map(|share| share.pilot_id).collect();
    let known: HashSet<PilotId> = pilots::table
        .filter(pilots::id.eq_any(&named))
        .filter(pilots::service_id.eq(service))
        .filter(pilots::is_listed.eq(true))
        .select(pilots::id)
        .load(connection)?
        .into_iter()
        .collect();
    let mut seen = HashSet::new();
    let mut errors = Vec::new();
    for (index, pilot) in named.iter().enumerate() {
        let pointer = format!("/shares/{index}/pilot_id");
        if !seen.insert(pilot) {
            errors.push(FieldError::body(pointer, "duplicate", "This pilot is named twice.", "এই পাইলটের নাম দুবার আছে।"));
        } else if !known.contains(pilot) {
            errors.push(FieldError::body(
                pointer,
                "unknown_reference",
                "There is no such accepted pilot on this service.",
                "এই সেবার এমন কোনো গৃহীত পাইলট নেই।",
            ));
        }
    }
    let total: i64 = request.shares.iter().map(|share| i64::from(share.basis_points)).sum();
    if total > 10_000 {
        errors.push(FieldError::body(
            "/shares",
            "more_than_whole",
            "The shares are more than 10000 basis points together.",
            "অংশগুলোর যোগফল ১০০০০ বেসিস পয়েন্টের বেশি।",
        ));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}
