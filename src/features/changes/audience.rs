//! Who is told of a change: a line for each kind of record in `features::CHANGE_AUDIENCES`. A kind without a line is told
//! to insiders of the pilot that it hangs on, and if it hangs on none, to auditors: nothing gets out by being forgotten. A
//! key is told of what its scopes let it read, and of nothing else.

use std::collections::{HashMap, HashSet};

use super::ChangeRow;
use crate::{
    features::{
        CHANGE_AUDIENCES,
        funding::funds::Stakes,
        permissions::PERMISSIONS,
        pilots::{PilotId, Seen, Viewer, see_many},
    },
    platform::{
        auth::{Role, Standing},
        db::DbConnection,
        error::AppError,
    },
};

/// Of records with these ids, those that everyone may see who sees their pilot and is logged in.
pub type OpenRecords = fn(&mut DbConnection, &[String]) -> Result<HashSet<String>, AppError>;

/// Whom a record with a stake in it is told to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// To holders of the roles who neither are nor were in the team of its pilot.
    NoStake,
    /// To holders of the roles, and to the team.
    WithTheTeam,
}

/// Of records with these ids, those that anyone is told of, and whom.
pub type DisclosedRecords = fn(&mut DbConnection, &[String]) -> Result<HashMap<String, Disclosure>, AppError>;

/// Who is told of changes to a kind of record.
#[derive(Clone, Copy)]
pub enum Audience {
    /// Everyone.
    Everyone,
    /// Holders of these roles; and a person, if the record is their own account.
    Roles(&'static [Role]),
    /// Holders of these roles who have no stake in what a fund decides.
    Books(&'static [Role]),
    /// Holders of these roles and the team of the pilot, of the records that this finds and as it says.
    Disclosed(&'static [Role], DisclosedRecords),
    /// Whoever sees the pilot that it hangs on.
    WhoSeesThePilot,
    /// Whoever sees the pilot, of the records that this finds; the team and staff, of all.
    WhoSeesThePilotIf(OpenRecords),
    /// The team of the pilot, and staff.
    Insiders,
    /// The person that it hangs on, and auditors.
    ThePerson,
}

fn audience(record_type: &str, subject_type: Option<&str>) -> Audience {
    let known = CHANGE_AUDIENCES.iter().find(|(kind, ..)| *kind == record_type).map(|(_, audience, _)| *audience);
    match known.unwrap_or(Audience::Insiders) {
        Audience::Insiders if subject_type != Some("pilot") => Audience::Roles(&[Role::Auditor]),
        audience => audience,
    }
}

/// The operation by which this reader would read the record.
fn read_by(viewer: &Viewer, change: &ChangeRow) -> &'static str {
    match change.record_type.as_str() {
        "user" if change.record_id == viewer.user_id.as_str() => "get_me",
        kind => CHANGE_AUDIENCES.iter().find(|(known, ..)| *known == kind).map_or("", |(.., operation)| *operation),
    }
}

/// Whether a reader is told of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No.
    Silent,
    /// What changed, but not by whom.
    What,
    /// Both.
    WhatAndWho,
}

/// A verdict on each change, in their order, by a handful of queries for all of them.
///
/// # Errors
/// Those of the database.
pub fn judge(connection: &mut DbConnection, viewer: &Viewer, changes: &[ChangeRow]) -> Result<Vec<Verdict>, AppError> {
    let mut pilot_ids: Vec<PilotId> = changes.iter().filter_map(pilot_of).collect();
    pilot_ids.sort_unstable();
    pilot_ids.dedup();
    let pilots = see_many(connection, viewer, &pilot_ids)?;
    let mut found = Found::default();
    let of_books = |change: &ChangeRow| matches!(audience(&change.record_type, None), Audience::Books(_));
    if changes.iter().any(of_books) {
        found.stake = Stakes::of_person(connection, viewer.user_id)?.are_in(None);
    }
    for (kind, audience, _) in CHANGE_AUDIENCES {
        let mut ids: Vec<String> =
            changes.iter().filter(|change| change.record_type == *kind).map(|it| it.record_id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        match audience {
            _ if ids.is_empty() => {}
            Audience::WhoSeesThePilotIf(find) => _ = found.open.insert(*kind, find(connection, &ids)?),
            Audience::Disclosed(_, find) => _ = found.disclosed.insert(*kind, find(connection, &ids)?),
            _ => {}
        }
    }
    Ok(changes.iter().map(|change| verdict(viewer, change, &pilots, &found)).collect())
}

/// What was looked up for some changes, by the kind of record.
#[derive(Default)]
struct Found {
    open: HashMap<&'static str, HashSet<String>>,
    disclosed: HashMap<&'static str, HashMap<String, Disclosure>>,
    stake: bool,
}

impl Found {
    fn is_open(&self, change: &ChangeRow) -> bool {
        self.open.get(change.record_type.as_str()).is_some_and(|ids| ids.contains(&change.record_id))
    }

    fn disclosure(&self, change: &ChangeRow) -> Option<Disclosure> {
        self.disclosed.get(change.record_type.as_str())?.get(&change.record_id).copied()
    }
}

/// The pilot that a change hangs on.
pub fn pilot_of(change: &ChangeRow) -> Option<PilotId> {
    match (change.subject_type.as_deref(), change.subject_id.as_deref(), change.record_type.as_str()) {
        (Some("pilot"), Some(id), _) => PilotId::parse(id),
        // Sealed before subjects were noted.
        (None, _, "pilot") => PilotId::parse(&change.record_id),
        _ => None,
    }
}

fn verdict(viewer: &Viewer, change: &ChangeRow, pilots: &HashMap<PilotId, Option<Seen>>, found: &Found) -> Verdict {
    if !viewer.reach.covers(PERMISSIONS, read_by(viewer, change)) {
        return Verdict::Silent;
    }
    let own = change.actor_id == Some(viewer.user_id);
    let told = |who: bool| if who || own { Verdict::WhatAndWho } else { Verdict::What };
    let staff = viewer.roles.is_staff();
    let allowed = match audience(&change.record_type, change.subject_type.as_deref()) {
        Audience::Everyone => return told(staff),
        Audience::Roles(roles) => {
            let allowed = viewer.roles.has_any(roles) || change.record_id == viewer.user_id.as_str();
            return if allowed { told(true) } else { Verdict::Silent };
        }
        Audience::Books(roles) => {
            let allowed = viewer.roles.has_any(roles) && !found.stake;
            return if allowed { told(true) } else { Verdict::Silent };
        }
        Audience::Disclosed(roles, _) => {
            let Some(disclosure) = found.disclosure(change) else { return Verdict::Silent };
            let seen = pilot_of(change).and_then(|id| pilots.get(&id)).and_then(Option::as_ref);
            let (team, left) = seen.map_or((false, false), |seen| (seen.standing.team, seen.standing.left_team));
            let is_with_team = disclosure == Disclosure::WithTheTeam;
            return match viewer.roles.has_any(roles) {
                true if is_with_team || !(team || left) => told(true),
                false if is_with_team && team => told(false),
                _ => Verdict::Silent,
            };
        }
        Audience::ThePerson => {
            let concerned = change.subject_type.as_deref() == Some("user")
                && change.subject_id.as_deref() == Some(viewer.user_id.as_str());
            return if concerned || viewer.roles.has(Role::Auditor) { told(true) } else { Verdict::Silent };
        }
        Audience::WhoSeesThePilot => true,
        Audience::WhoSeesThePilotIf(_) => found.is_open(change),
        Audience::Insiders => false,
    };
    match pilot_of(change).map(|id| pilots.get(&id)) {
        // A draft that is gone: for staff, and for who threw it away.
        Some(None) | None if staff || own => Verdict::WhatAndWho,
        Some(Some(Some(seen))) if is_insider(&seen.standing) => Verdict::WhatAndWho,
        Some(Some(Some(_))) if allowed => told(false),
        _ => Verdict::Silent,
    }
}

fn is_insider(standing: &Standing) -> bool {
    standing.team || standing.roles.is_staff()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_named_once_and_read_by_an_operation_of_the_table() {
        for (kind, _, operation) in CHANGE_AUDIENCES {
            assert_eq!(CHANGE_AUDIENCES.iter().filter(|(known, ..)| known == kind).count(), 1, "{kind}");
            assert!(PERMISSIONS.iter().any(|line| line.action == *operation), "{kind}: {operation}");
        }
    }
}
