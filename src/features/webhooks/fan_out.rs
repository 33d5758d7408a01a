//! From the feed of changes to deliveries: one instance at a time goes along the positions, and notes how far it came in
//! the transaction in which it makes the deliveries, so none is left out and none made twice.

use std::{collections::HashMap, sync::Arc};

use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, update};

use super::{
    access::{programs, reach_of},
    deliveries::send_off,
    rows::{DeliveryRow, EndpointRow},
    status::{DeliveryStatus, EndpointStatus},
};
use crate::{
    features::{
        changes::{ChangeRow, Told, head_position, load, tell},
        pilots::Viewer,
    },
    platform::{
        auth::{LineScopes, Role},
        clock::{Clock, Timestamp},
        db::{
            DbConnection,
            schema::{user_roles, users, webhook_endpoints, webhook_progress},
        },
        error::AppError,
        ids::{OrganisationId, UserId},
        leases,
        web::AppState,
    },
};

/// How many changes a transaction takes.
const AT_ONCE: i64 = 100;

const LEASE: &str = "webhooks:fan_out";
const PROGRESS: &str = "changes";

/// Makes the deliveries of all changes that were sealed; gives the number of changes.
///
/// # Errors
/// Those of the database.
pub async fn fan_out(state: &AppState) -> Result<usize, AppError> {
    let mut done = 0;
    while state.db.read(|connection| Ok(progress(connection)? < head_position(connection)?)).await? {
        let (holder, clock, lines) = (state.instance.clone(), state.clock.clone(), Arc::clone(&state.scopes));
        let batch = state.db.tend(move |connection| batch(connection, &holder, &clock, &lines)).await?;
        if batch == 0 {
            break;
        }
        done += batch;
    }
    Ok(done)
}

fn progress(connection: &mut DbConnection) -> Result<i64, AppError> {
    Ok(webhook_progress::table.find(PROGRESS).select(webhook_progress::position).first(connection)?)
}

fn batch(connection: &mut DbConnection, holder: &str, clock: &Clock, lines: &LineScopes) -> Result<usize, AppError> {
    let now = clock.now();
    // Locks the row of the lease until the end, so two instances cannot read the same progress.
    if !leases::hold(connection, LEASE, holder, now)? {
        return Ok(0);
    }
    let after = progress(connection)?;
    let head = head_position(connection)?;
    let rows = load(connection, (after, head), &[], AT_ONCE)?;
    let Some(reached) = rows.last().map(|row| row.position) else { return Ok(0) };
    let endpoints = active(connection, lines, now)?;
    // Nobody listens: no need to go along all that happened.
    let reached = if endpoints.is_empty() { head } else { reached };
    for (endpoint, viewer) in endpoints {
        deliver_to(connection, &endpoint, &viewer, &rows, clock, now)?;
    }
    update(webhook_progress::table.find(PROGRESS)).set(webhook_progress::position.eq(reached)).execute(connection)?;
    Ok(rows.len())
}

fn deliver_to(
    connection: &mut DbConnection,
    endpoint: &EndpointRow,
    viewer: &Viewer,
    rows: &[ChangeRow],
    clock: &Clock,
    now: Timestamp,
) -> Result<(), AppError> {
    let wanted: Vec<ChangeRow> = rows
        .iter()
        .filter(|row| row.position > endpoint.start_position)
        .filter(|row| endpoint.record_types.is_empty() || endpoint.record_types.contains(&row.record_type))
        .cloned()
        .collect();
    for Told { position, change } in tell(connection, viewer, wanted)? {
        let Some(change) = change else { continue };
        let delivery = DeliveryRow {
            id: clock.new_uuid(now).into(),
            endpoint_id: endpoint.id,
            position: Some(position),
            status: DeliveryStatus::Pending,
            attempts: 0,
            created_at: now,
            finished_at: None,
        };
        send_off(connection, &delivery, &format!("{}:{}", change.record_type, change.record_id), now)?;
    }
    Ok(())
}

/// Active endpoints of active accounts, personal or not, with what decides what they see.
fn active(
    connection: &mut DbConnection,
    lines: &LineScopes,
    now: Timestamp,
) -> Result<Vec<(EndpointRow, Viewer)>, AppError> {
    let endpoints: Vec<(EndpointRow, Option<OrganisationId>)> = webhook_endpoints::table
        .inner_join(users::table.on(users::id.eq(webhook_endpoints::owner_id)))
        .filter(webhook_endpoints::status.eq(EndpointStatus::Active))
        .filter(users::status.eq("active"))
        .order(webhook_endpoints::id)
        .select((EndpointRow::as_select(), users::organisation_id))
        .load(connection)?;
    viewers(connection, endpoints, lines, now)
}

/// What decides what an endpoint sees; `None` if its owner's account is not active, or its service account's.
///
/// # Errors
/// Those of the database.
pub fn viewer_of(
    connection: &mut DbConnection,
    endpoint: &EndpointRow,
    lines: &LineScopes,
    now: Timestamp,
) -> Result<Option<Viewer>, AppError> {
    let organisation: Option<Option<OrganisationId>> = users::table
        .filter(users::id.eq(endpoint.owner_id))
        .filter(users::status.eq("active"))
        .select(users::organisation_id)
        .first(connection)
        .optional()?;
    let found = organisation.map(|place| (endpoint.clone(), place)).into_iter().collect();
    Ok(viewers(connection, found, lines, now)?.pop().map(|(_, viewer)| viewer))
}

fn viewers(
    connection: &mut DbConnection,
    endpoints: Vec<(EndpointRow, Option<OrganisationId>)>,
    lines: &LineScopes,
    now: Timestamp,
) -> Result<Vec<(EndpointRow, Viewer)>, AppError> {
    let programs = programs(connection, endpoints.iter().map(|(endpoint, _)| endpoint), now)?;
    let owners: Vec<UserId> = endpoints.iter().map(|(endpoint, _)| endpoint.owner_id).collect();
    let roles: Vec<(UserId, Role)> = user_roles::table
        .filter(user_roles::user_id.eq_any(owners))
        .select((user_roles::user_id, user_roles::role))
        .load(connection)?;
    let mut by_owner: HashMap<UserId, Vec<Role>> = HashMap::new();
    for (owner, role) in roles {
        by_owner.entry(owner).or_default().push(role);
    }
    Ok(endpoints
        .into_iter()
        .filter_map(|(endpoint, organisation_id)| {
            let reach = reach_of(&endpoint, &programs, lines)?;
            let roles = by_owner.get(&endpoint.owner_id).into_iter().flatten().copied().collect();
            let viewer = Viewer { user_id: endpoint.owner_id, roles, organisation_id, reach };
            Some((endpoint, viewer))
        })
        .collect())
}
