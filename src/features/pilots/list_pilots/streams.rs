//! A list as a merge of index ranges. "Accepted pilots, and my own drafts" or "submitted or screening" would make the
//! database read and sort everything that matches; each part alone is a range of an index in the wanted order, so the
//! parts are read one by one, a page each, and merged.

use super::Filters;
use crate::{
    features::pilots::status::{Phase, PilotStatus},
    platform::{auth::Actor, ids::UserId},
};

/// Whose view of the pilots a range holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everything.
    Staff,
    /// What was accepted.
    Officials,
    /// What was published.
    Public,
    /// What was not accepted, of this person's teams.
    OwnUnlisted(UserId),
}

/// One range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Of which view.
    pub audience: Audience,
    /// With this status alone.
    pub status: Option<PilotStatus>,
    /// In this phase alone.
    pub phase: Option<Phase>,
}

/// The ranges of a list.
pub fn streams(actor: Option<&Actor>, filters: &Filters) -> Vec<Stream> {
    let audiences = match actor {
        None => vec![Audience::Public],
        Some(actor) if actor.roles.is_staff() => vec![Audience::Staff],
        Some(actor) => vec![Audience::Officials, Audience::OwnUnlisted(actor.user_id)],
    };
    let parts: Vec<(Option<PilotStatus>, Option<Phase>)> = if !filters.statuses.is_empty() {
        let asked = |status: &&PilotStatus| filters.phases.is_empty() || filters.phases.contains(&status.phase());
        filters.statuses.iter().filter(asked).map(|status| (Some(*status), None)).collect()
    } else if filters.phases.is_empty() {
        vec![(None, None)]
    } else {
        filters.phases.iter().map(|phase| (None, Some(*phase))).collect()
    };
    audiences
        .into_iter()
        .flat_map(|audience| {
            parts.iter().map(move |(status, phase)| Stream { audience, status: *status, phase: *phase })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_a_range_of_its_own() {
        let filters = Filters { statuses: vec![PilotStatus::Submitted, PilotStatus::Design], ..Filters::default() };
        assert_eq!(streams(None, &filters).len(), 2);
    }

    #[test]
    fn a_status_outside_the_asked_phase_is_no_range() {
        let filters = Filters {
            statuses: vec![PilotStatus::Submitted, PilotStatus::OnHold],
            phases: vec![Phase::Execution],
            ..Filters::default()
        };
        assert_eq!(
            streams(None, &filters).iter().map(|stream| stream.status).collect::<Vec<_>>(),
            [Some(PilotStatus::OnHold)]
        );
    }
}
