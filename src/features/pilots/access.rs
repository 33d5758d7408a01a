//! Who sees a pilot, and what the caller is to it.
//!
//! Published: anyone. Accepted: every logged-in person. Before that: its team and staff. What one may not see is not
//! there (404). Lists carry the same rule, see `list_pilots::streams`.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{PilotId, rows::PilotRow};
use crate::platform::{
    auth::{Actor, Role, Standing},
    clock::Timestamp,
    db::{
        DbConnection,
        schema::{pilot_members, pilots, users},
    },
    error::{AppError, DatabaseIntent},
    ids::{OrganisationId, UserId},
};

/// A pilot that the caller may see, and what they are to it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The pilot.
    pub row: PilotRow,
    /// What the caller is to it.
    pub standing: Standing,
}

/// The pilot, if the caller may see it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn see(connection: &mut DbConnection, actor: Option<&Actor>, id: PilotId) -> Result<Seen, AppError> {
    let row: PilotRow = pilots::table.find(id).select(PilotRow::as_select()).first(connection).or_not_found()?;
    let standing = standing(connection, actor, &row)?;
    if is_visible(&row, &standing) { Ok(Seen { row, standing }) } else { Err(AppError::not_found()) }
}

/// The rule, pure.
pub fn is_visible(row: &PilotRow, standing: &Standing) -> bool {
    row.is_public || row.is_listed && standing.logged_in || standing.team || standing.roles.is_staff()
}

/// What the caller is to a pilot.
///
/// # Errors
/// Those of the database.
pub fn standing(connection: &mut DbConnection, actor: Option<&Actor>, row: &PilotRow) -> Result<Standing, AppError> {
    let Some(actor) = actor else { return Ok(Standing::default()) };
    let owner = row.owner_id == actor.user_id;
    let deputy = row.deputy_id == Some(actor.user_id);
    let membership = membership(connection, row.id, actor)?;
    let team = owner || deputy || membership == Membership::Present;
    Ok(Standing {
        logged_in: true,
        roles: actor.roles,
        owner,
        deputy,
        team,
        left_team: membership == Membership::Left,
        screener: row.screener_id == Some(actor.user_id),
        in_owners_organisation: works_with_owner(connection, actor, row)?,
        reach: actor.reach,
        ..Standing::default()
    })
}

/// Whether someone works where the pilot is at home, or where its owner works: after a handover, or a transfer of the
/// owner, these are two places. It bars officers alone, so nobody else is looked up.
fn works_with_owner(connection: &mut DbConnection, actor: &Actor, row: &PilotRow) -> Result<bool, AppError> {
    let Some(place) = actor.organisation_id else { return Ok(false) };
    if place == row.organisation_id || !actor.roles.has(Role::ProgrammeOfficer) {
        return Ok(place == row.organisation_id);
    }
    let owners: Option<OrganisationId> =
        users::table.find(row.owner_id).select(users::organisation_id).first(connection)?;
    Ok(owners == Some(place))
}

/// Whether someone is or was in a team.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Membership {
    Never,
    Present,
    Left,
}

fn membership(connection: &mut DbConnection, pilot: PilotId, actor: &Actor) -> Result<Membership, AppError> {
    let left_at: Option<Option<Timestamp>> = pilot_members::table
        .find((pilot, actor.user_id))
        .select(pilot_members::left_at)
        .first(connection)
        .optional()?;
    Ok(match left_at {
        None => Membership::Never,
        Some(None) => Membership::Present,
        Some(Some(_)) => Membership::Left,
    })
}

/// Whether a person is in the team, or ever was.
///
/// # Errors
/// Those of the database.
pub fn ever_in_team(connection: &mut DbConnection, pilot: PilotId, user: UserId) -> Result<bool, AppError> {
    let row: Option<UserId> =
        pilot_members::table.find((pilot, user)).select(pilot_members::user_id).first(connection).optional()?;
    Ok(row.is_some())
}

/// Everyone in the team of a pilot.
///
/// # Errors
/// Those of the database.
pub fn team_ids(connection: &mut DbConnection, pilot: PilotId) -> Result<Vec<UserId>, AppError> {
    Ok(pilot_members::table
        .filter(pilot_members::pilot_id.eq(pilot))
        .filter(pilot_members::left_at.is_null())
        .select(pilot_members::user_id)
        .load(connection)?)
}
