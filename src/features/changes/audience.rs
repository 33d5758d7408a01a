//! Who is told of a change: a line for each kind of record in `features::CHANGE_AUDIENCES`. A kind without a line is told
//! to insiders of the pilot that it hangs on, and if it hangs on none, to auditors: nothing gets out by being forgotten. A
//! key is told of what its scopes let it read, and of nothing else.

use std::collections::{HashMap, HashSet};

use super::ChangeRow;
use crate::{
    features::{
        CHANGE_AUDIENCES,
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

/// Who is told of changes to a kind of record.
#[derive(Clone, Copy)]
pub enum Audience {
    /// Everyone.
    Everyone,
    /// Holders of these roles; and a person, if the record is their own account.
    Roles(&'static [Role]),
    /// Holders of these roles, of the records that this finds; but nobody who is or was in the team of the pilot.
    NoStake(&'static [Role], OpenRecords),
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
    let mut open: HashMap<&str, HashSet<String>> = HashMap::new();
    for (kind, audience, _) in CHANGE_AUDIENCES {
        if let Audience::WhoSeesThePilotIf(find) | Audience::NoStake(_, find) = audience {
            let mut ids: Vec<String> =
                changes.iter().filter(|change| change.record_type == *kind).map(|it| it.record_id.clone()).collect();
            ids.sort_unstable();
            ids.dedup();
            if !ids.is_empty() {
                open.insert(*kind, find(connection, &ids)?);
            }
        }
    }
    Ok(changes.iter().map(|change| verdict(viewer, change, &pilots, &open)).collect())
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

fn verdict(
    viewer: &Viewer,
    change: &ChangeRow,
    pilots: &HashMap<PilotId, Option<Seen>>,
    open: &HashMap<&str, HashSet<String>>,
) -> Verdict {
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
        Audience::NoStake(roles, _) => {
            let is_open = open.get(change.record_type.as_str()).is_some_and(|ids| ids.contains(&change.record_id));
            let seen = pilot_of(change).and_then(|id| pilots.get(&id)).and_then(Option::as_ref);
            let has_stake = seen.is_some_and(|seen| seen.standing.team || seen.standing.left_team);
            let allowed = viewer.roles.has_any(roles) && is_open && !has_stake;
            return if allowed { told(true) } else { Verdict::Silent };
        }
        Audience::ThePerson => {
            let concerned = change.subject_type.as_deref() == Some("user")
                && change.subject_id.as_deref() == Some(viewer.user_id.as_str());
            return if concerned || viewer.roles.has(Role::Auditor) { told(true) } else { Verdict::Silent };
        }
        Audience::WhoSeesThePilot => true,
        Audience::WhoSeesThePilotIf(_) => {
            open.get(change.record_type.as_str()).is_some_and(|ids| ids.contains(&change.record_id))
        }
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
