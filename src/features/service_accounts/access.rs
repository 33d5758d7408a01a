//! Who sees a service account: its owner, administrators and auditors. For everyone else it is not there.

use super::rows::{ServiceAccountRow, find};
use crate::platform::{
    auth::{Actor, Role, Standing},
    db::DbConnection,
    error::{AppError, ErrorCode},
    ids::ServiceAccountId,
};

/// Who sees those of others.
pub const OVERSEERS: &[Role] = &[Role::Admin, Role::Auditor];

/// What this caller is to the service account.
pub fn standing(actor: &Actor, row: &ServiceAccountRow) -> Standing {
    Standing {
        logged_in: true,
        roles: actor.roles,
        reach: actor.reach,
        holder: row.owner_id == actor.user_id,
        ..Standing::default()
    }
}

/// The service account and what the caller is to it.
///
/// # Errors
/// `Unauthenticated`; `NotFound` for who may not see it; those of the database.
pub fn see(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: ServiceAccountId,
) -> Result<(ServiceAccountRow, Standing), AppError> {
    let actor = actor.ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))?;
    let row = find(connection, id)?;
    let standing = standing(actor, &row);
    if standing.holder || actor.roles.has_any(OVERSEERS) { Ok((row, standing)) } else { Err(AppError::not_found()) }
}
