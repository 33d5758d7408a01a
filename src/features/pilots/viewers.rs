//! What someone sees of many pilots at once, by two queries; the rule is that of [`super::access`], but for offers: an
//! offer lets its receiver read the pilot, not follow it.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{PilotId, Seen, access::is_visible, rows::PilotRow};
use crate::platform::{
    auth::{Actor, Reach, RoleSet, Standing},
    clock::Timestamp,
    db::{
        DbConnection,
        schema::{pilot_members, pilots},
    },
    error::AppError,
    ids::{OrganisationId, UserId},
};

/// Whoever looks at pilots, as far as that decides what they see: a caller, or the owner of a webhook.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    /// Who.
    pub user_id: UserId,
    /// What they are in the programme.
    pub roles: RoleSet,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// What their credential lets through.
    pub reach: Reach,
}

impl From<&Actor> for Viewer {
    fn from(actor: &Actor) -> Self {
        Self { user_id: actor.user_id, roles: actor.roles, organisation_id: actor.organisation_id, reach: actor.reach }
    }
}

/// Many pilots at once: those that are there, each as the viewer sees it, or `None` where they may not.
///
/// # Errors
/// Those of the database.
pub fn see_many(
    connection: &mut DbConnection,
    viewer: &Viewer,
    ids: &[PilotId],
) -> Result<HashMap<PilotId, Option<Seen>>, AppError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<PilotRow> =
        pilots::table.filter(pilots::id.eq_any(ids)).select(PilotRow::as_select()).load(connection)?;
    let memberships: Vec<(PilotId, Option<Timestamp>)> = pilot_members::table
        .filter(pilot_members::user_id.eq(viewer.user_id))
        .filter(pilot_members::pilot_id.eq_any(ids))
        .select((pilot_members::pilot_id, pilot_members::left_at))
        .load(connection)?;
    let memberships: HashMap<PilotId, Option<Timestamp>> = memberships.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let standing = standing_of(viewer, memberships.get(&row.id).copied(), &row);
            (row.id, is_visible(&row, &standing).then_some(Seen { row, standing }))
        })
        .collect())
}

/// As `access::standing`. `membership` is `None` for who never was in the team, else when they left.
fn standing_of(viewer: &Viewer, membership: Option<Option<Timestamp>>, row: &PilotRow) -> Standing {
    let owner = row.owner_id == viewer.user_id;
    let deputy = row.deputy_id == Some(viewer.user_id);
    Standing {
        logged_in: true,
        roles: viewer.roles,
        owner,
        deputy,
        team: owner || deputy || membership == Some(None),
        left_team: matches!(membership, Some(Some(_))),
        screener: row.screener_id == Some(viewer.user_id),
        in_owners_organisation: viewer.organisation_id == Some(row.organisation_id),
        reach: viewer.reach,
        ..Standing::default()
    }
}
