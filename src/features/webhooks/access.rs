//! Whose an endpoint is, and who else sees it: administrators and auditors, without what could be a secret in its URL. A
//! key has those endpoints that its own service account made, and not those of the person.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{ids::WebhookEndpointId, rows::EndpointRow};
use crate::{
    features::permissions::PERMISSIONS,
    platform::{
        auth::{Actor, LineScopes, Reach, Role, Standing},
        clock::Timestamp,
        db::{
            DbConnection,
            json_list::JsonList,
            schema::{service_accounts, webhook_endpoints},
        },
        error::{AppError, DatabaseIntent},
        ids::ServiceAccountId,
    },
};

/// Who sees those of others.
pub const OVERSEERS: &[Role] = &[Role::Admin, Role::Auditor];

/// Whether an endpoint is the caller's own.
pub fn is_own(actor: &Actor, row: &EndpointRow) -> bool {
    row.owner_id == actor.user_id && actor.service_account_id().is_none_or(|id| row.service_account_id == Some(id))
}

/// What this caller is to the endpoint.
pub fn standing(actor: &Actor, row: &EndpointRow) -> Standing {
    Standing {
        logged_in: true,
        roles: actor.roles,
        reach: actor.reach,
        oneself: is_own(actor, row),
        ..Standing::default()
    }
}

/// The endpoint, if the caller may know of it.
///
/// # Errors
/// `NotFound`.
pub fn see_endpoint(
    connection: &mut DbConnection,
    actor: &Actor,
    id: WebhookEndpointId,
) -> Result<EndpointRow, AppError> {
    let row: EndpointRow =
        webhook_endpoints::table.find(id).select(EndpointRow::as_select()).first(connection).or_not_found()?;
    if is_own(actor, &row) || actor.roles.has_any(OVERSEERS) { Ok(row) } else { Err(AppError::not_found()) }
}

/// The endpoint, if it is the caller's own.
///
/// # Errors
/// `NotFound`.
pub fn own_endpoint(
    connection: &mut DbConnection,
    actor: &Actor,
    id: WebhookEndpointId,
) -> Result<EndpointRow, AppError> {
    let row = see_endpoint(connection, actor, id)?;
    if is_own(actor, &row) { Ok(row) } else { Err(AppError::not_found()) }
}

/// The scopes of the service accounts behind these endpoints, of those that are in force.
///
/// # Errors
/// Those of the database.
pub fn programs<'a>(
    connection: &mut DbConnection,
    endpoints: impl Iterator<Item = &'a EndpointRow>,
    now: Timestamp,
) -> Result<HashMap<ServiceAccountId, Vec<String>>, AppError> {
    let ids: Vec<ServiceAccountId> = endpoints.filter_map(|row| row.service_account_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(ServiceAccountId, JsonList<String>)> = service_accounts::table
        .filter(service_accounts::id.eq_any(ids))
        .filter(service_accounts::status.eq("active"))
        .filter(service_accounts::ends_on.ge(now.day_in_dhaka()))
        .select((service_accounts::id, service_accounts::scopes))
        .load(connection)?;
    Ok(found.into_iter().map(|(id, scopes)| (id, scopes.to_vec())).collect())
}

/// How far an endpoint reaches: as its owner for a person's own; as the keys for one of a service account; `None` if
/// that is over, or its keys may not follow changes.
pub fn reach_of(
    row: &EndpointRow,
    programs: &HashMap<ServiceAccountId, Vec<String>>,
    lines: &LineScopes,
) -> Option<Reach> {
    let Some(id) = row.service_account_id else { return Some(Reach::default()) };
    programs.get(&id).map(|scopes| lines.reach(scopes)).filter(|reach| reach.covers(PERMISSIONS, "list_changes"))
}
