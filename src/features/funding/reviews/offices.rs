//! People and where they work, so that a conflict of interest can be judged.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    features::pilots::{PilotId, PilotRow},
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{organisations, pilot_members, users},
        },
        error::AppError,
        ids::{OrganisationId, UserId},
        text::LocalizedText,
    },
};

/// An organisation by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfficeView {
    /// Its identifier.
    pub id: OrganisationId,
    /// Its name.
    pub name: LocalizedText,
}

/// A person, and where they work.
#[derive(Clone, Debug, Serialize, ToSchema)]

pub struct PersonAtWorkView {
    /// Their identifier.
    pub id: UserId,
    /// Their name.
    pub name: LocalizedText,
    /// Where they work.
    pub organisation: Option<OfficeView>,
}

/// A row of a team: who, when they left, their name, where they work.
type Member = (PilotId, UserId, Option<Timestamp>, (Option<String>, Option<String>), Option<OrganisationId>);

/// The teams of several pilots.
#[derive(Default)]
pub struct Teams {
    members: Vec<Member>,
    offices: HashMap<OrganisationId, LocalizedText>,
}

/// Everyone who is or was in the teams of these pilots, in two statements.
///
/// # Errors
/// Those of the database.
pub fn teams(connection: &mut DbConnection, pilots: &[&PilotRow]) -> Result<Teams, AppError> {
    let ids: HashSet<PilotId> = pilots.iter().map(|pilot| pilot.id).collect();
    let members: Vec<Member> = pilot_members::table
        .inner_join(users::table)
        .filter(pilot_members::pilot_id.eq_any(ids))
        .order((pilot_members::pilot_id, pilot_members::user_id))
        .select((
            pilot_members::pilot_id,
            pilot_members::user_id,
            pilot_members::left_at,
            (users::name_bn, users::name_en),
            users::organisation_id,
        ))
        .load(connection)?;
    let places = members.iter().filter_map(|member| member.4).chain(pilots.iter().map(|pilot| pilot.organisation_id));
    let offices = offices(connection, places.collect())?;
    Ok(Teams { members, offices })
}

/// What organisations are called.
///
/// # Errors
/// Those of the database.
pub fn offices(
    connection: &mut DbConnection,
    ids: HashSet<OrganisationId>,
) -> Result<HashMap<OrganisationId, LocalizedText>, AppError> {
    let rows: Vec<(OrganisationId, Option<String>, Option<String>)> = organisations::table
        .filter(organisations::id.eq_any(ids))
        .select((organisations::id, organisations::name_bn, organisations::name_en))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, bn, en)| (id, LocalizedText::new(bn, en))).collect())
}

impl Teams {
    /// Whether someone is in a team (`true`), was in it once (`false`), or never.
    pub fn membership(&self, pilot: PilotId, person: UserId) -> Option<bool> {
        let found = self.members.iter().find(|member| member.0 == pilot && member.1 == person);
        found.map(|member| member.2.is_none())
    }

    /// An organisation by name.
    pub fn office(&self, id: OrganisationId) -> OfficeView {
        OfficeView { id, name: self.offices.get(&id).cloned().unwrap_or_default() }
    }

    /// Everyone in a team now.
    pub fn of(&self, pilot: PilotId) -> Vec<PersonAtWorkView> {
        let present = self.members.iter().filter(|member| member.0 == pilot && member.2.is_none());
        present.map(|member| self.shown(member)).collect()
    }

    /// Someone in a team.
    pub fn member(&self, pilot: PilotId, person: UserId) -> PersonAtWorkView {
        let found = self.members.iter().find(|member| member.0 == pilot && member.1 == person);
        let nobody = || PersonAtWorkView { id: person, name: LocalizedText::default(), organisation: None };
        found.map_or_else(nobody, |member| self.shown(member))
    }

    fn shown(&self, (_, id, _, (bn, en), office): &Member) -> PersonAtWorkView {
        PersonAtWorkView {
            id: *id,
            name: LocalizedText::new(bn.clone(), en.clone()),
            organisation: office.map(|office| self.office(office)),
        }
    }
}
