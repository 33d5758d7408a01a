//! One query for a pilot with the names it is shown with.

use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, dsl::exists,
    select,
};

use super::{
    Facts, PilotId, access, merged,
    rows::PilotRow,
    status::PilotStatus,
    view::{PilotView, Shown},
};
use crate::features::duplicates;
use crate::platform::{
    auth::{Actor, Role},
    db::{
        DbConnection,
        schema::{pilot_members, pilot_supporters, pilot_tallies, pilots, user_roles, users},
    },
    error::{AppError, DatabaseIntent},
    ids::{OrganisationId, UserId},
    text::LocalizedText,
};

diesel::alias!(users as owners: Owners, users as deputies: Deputies);

type Name = Option<String>;

/// An owner's Bangla and English name, place of work, and the state of their account.
type Owner = (Name, Name, Option<OrganisationId>, String);

/// The row, its owner, the deputy's names, how many supporters and open duplicates it has, the caller's place in the team.
type Loaded = (PilotRow, Owner, Name, Name, Option<(i64, i64)>, access::Found);

/// The pilot as this caller sees it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn view(connection: &mut DbConnection, actor: Option<&Actor>, id: PilotId) -> Result<PilotView, AppError> {
    let (row, (owner_bn, owner_en, place, account), deputy_bn, deputy_en, tallies, member): Loaded = pilots::table
        .inner_join(owners.on(owners.field(users::id).eq(pilots::owner_id)))
        .left_join(deputies.on(deputies.field(users::id).nullable().eq(pilots::deputy_id)))
        .left_join(pilot_tallies::table)
        .left_join(pilot_members::table.on(access::is_member(actor)))
        .filter(pilots::id.eq(id))
        .select((
            PilotRow::as_select(),
            (
                owners.field(users::name_bn),
                owners.field(users::name_en),
                owners.field(users::organisation_id),
                owners.field(users::status),
            ),
            deputies.field(users::name_bn).nullable(),
            deputies.field(users::name_en).nullable(),
            (pilot_tallies::supporters, pilot_tallies::open_duplicates).nullable(),
            (pilot_members::user_id, pilot_members::left_at).nullable(),
        ))
        .first(connection)
        .or_not_found()?;
    let standing = access::standing_of(connection, actor, &row, member.into())?;
    if !access::is_visible(&row, &standing) {
        return Err(AppError::not_found());
    }
    let (supporters, open_duplicates) = tallies.unwrap_or_default();
    let possible_duplicates = match open_duplicates {
        0 => Vec::new(),
        _ => duplicates::offered(connection, actor, &row, &standing)?,
    };
    let shown = Shown {
        owner: LocalizedText::new(owner_bn, owner_en),
        deputy: row.deputy_id.map(|_| LocalizedText::new(deputy_bn, deputy_en)),
        survivor: merged::survivor_as_seen(connection, actor, &row)?,
        supporters,
        possible_duplicates,
        facts: Facts {
            open_duplicates,
            owner_has_left: has_left(row.organisation_id, place, &account),
            screener_has_left: screener_has_left(connection, row.status, row.screener_id)?,
            is_supported: supporters > 0 && !standing.team && is_supported(connection, actor, id)?,
        },
    };
    Ok(PilotView::new(row, shown, &standing))
}

/// The same for one that its owner has just made in this transaction: all but the owner's name is known.
///
/// # Errors
/// Those of the database.
pub fn view_of_new(connection: &mut DbConnection, owner: &Actor, row: PilotRow) -> Result<PilotView, AppError> {
    let standing = access::standing(connection, Some(owner), &row)?;
    let shown = Shown {
        owner: LocalizedText::clone(&owner.name),
        deputy: None,
        survivor: None,
        supporters: 0,
        possible_duplicates: Vec::new(),
        facts: Facts::default(),
    };
    Ok(PilotView::new(row, shown, &standing))
}

/// What an action asks besides the row, but for what it asks about the caller.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn facts(connection: &mut DbConnection, id: PilotId) -> Result<Facts, AppError> {
    let (home, stage, screener): (OrganisationId, PilotStatus, Option<UserId>) = pilots::table
        .find(id)
        .select((pilots::organisation_id, pilots::status, pilots::screener_id))
        .first(connection)
        .or_not_found()?;
    let (place, status, open_duplicates): (Option<OrganisationId>, String, Option<i64>) = pilots::table
        .inner_join(owners.on(owners.field(users::id).eq(pilots::owner_id)))
        .left_join(pilot_tallies::table)
        .filter(pilots::id.eq(id))
        .select((
            owners.field(users::organisation_id),
            owners.field(users::status),
            pilot_tallies::open_duplicates.nullable(),
        ))
        .first(connection)?;
    Ok(Facts {
        open_duplicates: open_duplicates.unwrap_or(0),
        owner_has_left: has_left(home, place, &status),
        screener_has_left: screener_has_left(connection, stage, screener)?,
        ..Facts::default()
    })
}

/// Whether the caller stands behind the pilot.
///
/// # Errors
/// Those of the database.
pub(super) fn is_supported(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: PilotId,
) -> Result<bool, AppError> {
    let Some(actor) = actor else { return Ok(false) };
    Ok(select(exists(pilot_supporters::table.find((id, actor.user_id)))).get_result(connection)?)
}

/// Whether nobody is left to finish a screening that has begun.
fn screener_has_left(
    connection: &mut DbConnection,
    status: PilotStatus,
    screener: Option<UserId>,
) -> Result<bool, AppError> {
    let (PilotStatus::Screening, Some(screener)) = (status, screener) else { return Ok(false) };
    let there = user_roles::table
        .inner_join(users::table.on(users::id.eq(user_roles::user_id)))
        .filter(user_roles::user_id.eq(screener))
        .filter(user_roles::role.eq(Role::ProgrammeOfficer))
        .filter(users::status.eq("active"));
    Ok(!select(exists(there)).get_result(connection)?)
}

/// Whether an owner is no longer there to act: their account is disabled, or they work elsewhere.
fn has_left(home: OrganisationId, place: Option<OrganisationId>, status: &str) -> bool {
    status != "active" || place != Some(home)
}
