//! The lifecycle of a possible duplicate.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a possible duplicate stands.
    DuplicateStatus {
        /// Nobody has decided yet.
        Open = "open",
        /// They are two pilots.
        Dismissed = "dismissed",
        /// They are one; the pilot is to be merged.
        Accepted = "accepted",
        /// No longer alike, or the other pilot came to its end.
        Lapsed = "lapsed",
    }
}

text_enum! {
    /// What moves a possible duplicate. The last two are not asked for: submitting and ending pilots bring them about.
    DuplicateMove {
        /// Tell the officer what the team thinks of it.
        Propose = "propose",
        /// They are two pilots.
        Dismiss = "dismiss",
        /// They are one.
        Accept = "accept",
        /// Decide anew.
        Reopen = "reopen",
        /// It no longer stands in the way.
        Lapse = "lapse",
        /// It was found again, more alike than before.
        FindAgain = "find_again",
    }
}

text_enum! {
    /// What can be asked of a possible duplicate.
    DuplicateCommand {
        /// Tell the officer what the team thinks of it; proposal and reason.
        Propose = "propose",
        /// They are two pilots; reason.
        Dismiss = "dismiss",
        /// They are one, so the pilot is to be merged.
        Accept = "accept",
        /// Decide anew; reason.
        Reopen = "reopen",
    }
}

text_enum! {
    /// What a team thinks of a possible duplicate.
    DuplicateProposal {
        /// They are two pilots.
        Dismiss = "dismiss",
        /// They are one.
        Accept = "accept",
    }
}

words! {
    DuplicateStatus { Open "অমীমাংসিত", Dismissed "আলাদা বলে খারিজ", Accepted "সদৃশ বলে গৃহীত", Lapsed "তামাদি" }
    DuplicateMove { Propose "প্রস্তাব দেওয়া", Dismiss "আলাদা বলে খারিজ করা", Accept "সদৃশ বলে গ্রহণ", Reopen "পুনরায় খোলা", Lapse "তামাদি হওয়া", FindAgain "আবার পাওয়া" }
}

use DuplicateMove as M;
use DuplicateStatus as S;

const fn step(command: M, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, M> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move that a possible duplicate can make.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(M::Propose, &[S::Open], S::Open, true, "owner or deputy; decides nothing"),
    step(
        M::Dismiss,
        &[S::Open],
        S::Dismissed,
        true,
        "an officer who may screen the pilot; it no longer stands in the way",
    ),
    step(M::Accept, &[S::Open], S::Accepted, false, "an officer who may screen the pilot; it is to be merged"),
    step(M::Reopen, &[S::Dismissed, S::Accepted], S::Open, true, "an officer who may screen the pilot"),
    step(
        M::Lapse,
        &[S::Open, S::Accepted],
        S::Lapsed,
        false,
        "a submit finds them no longer alike, or the other pilot ends",
    ),
    step(
        M::FindAgain,
        &[S::Dismissed, S::Lapsed],
        S::Open,
        false,
        "a submit finds them alike; once dismissed, clearly more so",
    ),
];

impl DuplicateCommand {
    /// The move behind a command.
    pub const fn as_move(self) -> M {
        match self {
            Self::Propose => M::Propose,
            Self::Dismiss => M::Dismiss,
            Self::Accept => M::Accept,
            Self::Reopen => M::Reopen,
        }
    }

    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Propose => "transition_duplicate.propose",
            Self::Dismiss => "transition_duplicate.dismiss",
            Self::Accept => "transition_duplicate.accept",
            Self::Reopen => "transition_duplicate.reopen",
        }
    }

    /// Whether it has to say why.
    pub fn needs_reason(self) -> bool {
        LIFECYCLE.iter().any(|line| line.command == self.as_move() && line.needs_reason)
    }
}

impl DuplicateStatus {
    /// What stands in the way of acceptance.
    pub const IN_THE_WAY: &'static [Self] = &[Self::Open, Self::Accepted];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn every_pair_of_status_and_move_is_decided_by_the_table() {
        for &state in S::ALL {
            for &command in M::ALL {
                let in_table = LIFECYCLE.iter().any(|step| step.command == command && step.from.contains(&state));
                assert_eq!(next(LIFECYCLE, state, command).is_ok(), in_table, "{state:?} {command:?}");
            }
        }
        assert!(S::ALL.iter().all(|state| *state == S::Open || LIFECYCLE.iter().any(|step| step.to == *state)));
    }

    #[test]
    fn every_command_is_in_the_permission_table() {
        for command in DuplicateCommand::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.line()), "{command:?}");
            assert_eq!(command.needs_reason(), *command != DuplicateCommand::Accept);
        }
    }
}
