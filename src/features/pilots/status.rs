//! The lifecycle of a pilot: statuses, phases, commands, and the table of its moves.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a pilot stands.
    PilotStatus {
        /// Being written.
        Draft = "draft",
        /// Waiting for an officer.
        Submitted = "submitted",
        /// An officer is at it.
        Screening = "screening",
        /// Back with the team.
        ChangesRequested = "changes_requested",
        /// Turned down.
        Rejected = "rejected",
        /// Goes on in another pilot.
        Merged = "merged",
        /// Given up by its owner before gate 1.
        Withdrawn = "withdrawn",
        /// Accepted; solution and plan are being worked out.
        Design = "design",
        /// Running.
        InExecution = "in_execution",
        /// Paused.
        OnHold = "on_hold",
        /// Ended early; its lessons remain.
        Discontinued = "discontinued",
        /// Ended, measured, awaiting scale-up.
        Completed = "completed",
    }
}

text_enum! {
    /// The three phases of the programme.
    Phase {
        /// From the idea to gate 1.
        Initiation = "initiation",
        /// From gate 1 to gate 2.
        Execution = "execution",
        /// From gate 2 on.
        Celebration = "celebration",
    }
}

text_enum! {
    /// What moves a pilot. The last two are not asked for: a gate decision brings them about.
    PilotMove {
        /// Hand in for screening.
        Submit = "submit",
        /// Take on the screening.
        StartScreening = "start_screening",
        /// Send back to the team.
        RequestChanges = "request_changes",
        /// Take into the programme.
        Accept = "accept",
        /// Turn down.
        Reject = "reject",
        /// Fold into another pilot.
        Merge = "merge",
        /// Give up.
        Withdraw = "withdraw",
        /// Pause.
        Hold = "hold",
        /// Go on after a pause.
        Resume = "resume",
        /// End early.
        Discontinue = "discontinue",
        /// Pass gate 1.
        StartExecution = "start_execution",
        /// Pass gate 2.
        Complete = "complete",
    }
}

words! {
    PilotStatus { Draft "খসড়া", Submitted "জমা দেওয়া হয়েছে", Screening "যাচাই চলছে", ChangesRequested "সংশোধন চাওয়া হয়েছে", Rejected "নাকচ", Merged "একীভূত", Withdrawn "প্রত্যাহৃত", Design "নকশা প্রণয়ন", InExecution "বাস্তবায়ন চলছে", OnHold "স্থগিত", Discontinued "বন্ধ", Completed "সম্পন্ন" }
    PilotMove { Submit "জমা দেওয়া", StartScreening "যাচাই শুরু", RequestChanges "সংশোধন চাওয়া", Accept "গ্রহণ", Reject "নাকচ করা", Merge "একীভূত করা", Withdraw "প্রত্যাহার", Hold "স্থগিত করা", Resume "পুনরায় শুরু", Discontinue "বন্ধ করা", StartExecution "বাস্তবায়ন শুরু", Complete "সম্পন্ন করা" }
}

impl PilotStatus {
    /// The phase that a status belongs to.
    pub const fn phase(self) -> Phase {
        match self {
            Self::InExecution | Self::OnHold | Self::Discontinued => Phase::Execution,
            Self::Completed => Phase::Celebration,
            Self::Draft
            | Self::Submitted
            | Self::Screening
            | Self::ChangesRequested
            | Self::Rejected
            | Self::Merged
            | Self::Withdrawn
            | Self::Design => Phase::Initiation,
        }
    }

    /// Whether the team may still edit freely; later edits go through a plan version.
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesRequested)
    }
}

use PilotMove as M;
use PilotStatus as S;

const fn step(command: M, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, M> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move that a pilot can make.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(
        M::Submit,
        &[S::Draft, S::ChangesRequested],
        S::Submitted,
        false,
        "title, problem, proposed change, service, place and citizen group are there; the first time gives the reference",
    ),
    step(
        M::StartScreening,
        &[S::Submitted, S::Screening],
        S::Screening,
        false,
        "the officer becomes the screener; from another one only when that one can screen no more",
    ),
    step(M::RequestChanges, &[S::Screening], S::ChangesRequested, true, "due date"),
    step(
        M::Accept,
        &[S::Screening],
        S::Design,
        false,
        "sets `initiated_at` once and for ever; every logged-in user sees it from now on",
    ),
    step(M::Reject, &[S::Screening], S::Rejected, true, "reason code"),
    step(M::Merge, &[S::Screening], S::Merged, false, "names the surviving pilot"),
    step(M::Withdraw, &[S::Draft, S::Submitted, S::Screening, S::ChangesRequested, S::Design], S::Withdrawn, true, ""),
    step(M::Hold, &[S::InExecution], S::OnHold, true, "review date"),
    step(M::Resume, &[S::OnHold], S::InExecution, false, ""),
    step(M::Discontinue, &[S::InExecution, S::OnHold], S::Discontinued, false, "lessons"),
    step(M::StartExecution, &[S::Design], S::InExecution, false, "gate 1 passed; its plan version is locked"),
    step(M::Complete, &[S::InExecution], S::Completed, false, "gate 2 passed"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lifecycle::next;

    #[test]
    fn every_pair_of_status_and_command_is_decided_by_the_table() {
        for &state in S::ALL {
            for &command in M::ALL {
                let in_table = LIFECYCLE.iter().any(|step| step.command == command && step.from.contains(&state));
                assert_eq!(next(LIFECYCLE, state, command).is_ok(), in_table, "{state:?} {command:?}");
            }
        }
    }

    #[test]
    fn every_status_but_the_first_is_reached_and_ends_stay_ends() {
        for &state in S::ALL {
            assert!(state == S::Draft || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
        }
        for end in [S::Rejected, S::Merged, S::Withdrawn, S::Discontinued, S::Completed] {
            assert!(!LIFECYCLE.iter().any(|step| step.from.contains(&end)));
        }
    }

    #[test]
    fn phases_only_go_forward() {
        for step in LIFECYCLE {
            assert!(step.from.iter().all(|from| from.phase() <= step.to.phase()));
        }
    }
}
