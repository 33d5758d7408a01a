//! Who sees a pilot, and what the caller is to it.
//!
//! Published: anyone. Accepted: every logged-in person. Before that: its team and staff; and whoever is asked to take it
//! over reads it like any official as long as the offer is open. What one may not see is not there (404). Lists carry
//! the same rule, see `list_pilots::streams`, but for offers, which have a list of their own.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    RunQueryDsl, SelectableHelper, dsl::exists, select,
};

use super::{PilotId, rows::PilotRow};
use crate::platform::{
    auth::{Actor, Role, Standing},
    clock::Timestamp,
    db::{
        DbConnection,
        schema::{pilot_handovers, pilot_members, pilots, users},
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
    let (row, member): (PilotRow, Found) = pilots::table
        .left_join(pilot_members::table.on(is_member(actor)))
        .filter(pilots::id.eq(id))
        .select((PilotRow::as_select(), (pilot_members::user_id, pilot_members::left_at).nullable()))
        .first(connection)
        .or_not_found()?;
    let standing = standing_of(connection, actor, &row, member.into())?;
    if is_visible(&row, &standing) { Ok(Seen { row, standing }) } else { Err(AppError::not_found()) }
}

/// The rule, pure.
pub fn is_visible(row: &PilotRow, standing: &Standing) -> bool {
    row.is_public || row.is_listed && standing.logged_in || standing.team || standing.roles.is_staff() || standing.guest
}

/// What the caller is to a pilot.
///
/// # Errors
/// Those of the database.
pub fn standing(connection: &mut DbConnection, actor: Option<&Actor>, row: &PilotRow) -> Result<Standing, AppError> {
    let membership = match actor {
        None => Membership::Never,
        // Owners are members; after a handover too.
        Some(actor) if row.owner_id == actor.user_id => Membership::Present,
        Some(actor) => pilot_members::table
            .find((row.id, actor.user_id))
            .select((pilot_members::user_id, pilot_members::left_at))
            .first(connection)
            .optional()
            .map(|found: Found| Membership::from(found))?,
    };
    standing_of(connection, actor, row, membership)
}

/// The same, where it is known already whether the caller is in the team.
///
/// # Errors
/// Those of the database.
pub(super) fn standing_of(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    row: &PilotRow,
    membership: Membership,
) -> Result<Standing, AppError> {
    let Some(actor) = actor else { return Ok(Standing::default()) };
    let owner = row.owner_id == actor.user_id;
    let deputy = row.deputy_id == Some(actor.user_id);
    let team = owner || deputy || membership == Membership::Present;
    let sees_it_anyway = row.is_public || row.is_listed || team || actor.roles.is_staff();
    Ok(Standing {
        logged_in: true,
        guest: !sees_it_anyway && is_offered(connection, actor, row.id)?,
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

/// Whether the pilot is offered to someone now.
fn is_offered(connection: &mut DbConnection, actor: &Actor, pilot: PilotId) -> Result<bool, AppError> {
    let open = pilot_handovers::table
        .filter(pilot_handovers::pilot_id.eq(pilot))
        .filter(pilot_handovers::to_user_id.eq(actor.user_id))
        .filter(pilot_handovers::status.eq("offered"))
        .filter(pilot_handovers::expires_at.gt(actor.at));
    Ok(select(exists(open)).get_result(connection)?)
}

/// Whether someone is or was in a team.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Membership {
    Never,
    Present,
    Left,
}

/// What is written of someone in a team: who, and when they left it.
pub(super) type Found = Option<(UserId, Option<Timestamp>)>;

impl From<Found> for Membership {
    fn from(found: Found) -> Self {
        match found {
            None => Self::Never,
            Some((_, None)) => Self::Present,
            Some((_, Some(_))) => Self::Left,
        }
    }
}

/// Joins a pilot with the caller's place in its team.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn is_member(actor: Option<&Actor>) -> _ {
    // A stranger is looked up as well, in vain, so that there is one statement.
    let user: UserId = actor.map_or(UserId::from(uuid::Uuid::nil()), |actor| actor.user_id);
    pilot_members::pilot_id.eq(pilots::id).and(pilot_members::user_id.eq(user))
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
