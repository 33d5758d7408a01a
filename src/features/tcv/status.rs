//! The lifecycle of a measurement: kinds, statuses, and the table of its moves.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// What a measurement is taken for.
    MeasurementKind {
        /// The service as it was before the pilot.
        Baseline = "baseline",
        /// The service at the end of the pilot.
        Endline = "endline",
        /// The service some time after the pilot.
        FollowUp = "follow_up",
        /// The service where the pilot was done again.
        Replication = "replication",
    }
}

text_enum! {
    /// Where a measurement stands.
    MeasurementStatus {
        /// Being written.
        Draft = "draft",
        /// Waiting for an officer.
        Submitted = "submitted",
        /// Back with the team.
        Returned = "returned",
        /// Checked by an officer outside the team.
        Verified = "verified",
        /// Shown to anyone.
        Published = "published",
        /// A newer one of its kind took its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// What moves a measurement. The last one is not asked for: the verification of a newer one brings it about.
    MeasurementMove {
        /// Hand in.
        Submit = "submit",
        /// Send back to the team.
        Return = "return",
        /// Confirm.
        Verify = "verify",
        /// Show to anyone.
        Publish = "publish",
        /// Give way to a newer one.
        Supersede = "supersede",
    }
}

words! {
    MeasurementStatus { Draft "খসড়া", Submitted "জমা দেওয়া হয়েছে", Returned "ফেরত পাঠানো হয়েছে", Verified "যাচাইকৃত", Published "প্রকাশিত", Superseded "প্রতিস্থাপিত" }
    MeasurementMove { Submit "জমা দেওয়া", Return "ফেরত পাঠানো", Verify "যাচাই", Publish "প্রকাশ", Supersede "প্রতিস্থাপন" }
}

impl MeasurementStatus {
    /// The statuses whose figures count.
    pub const IN_FORCE: &'static [Self] = &[Self::Verified, Self::Published];

    /// Whether the team may still edit it.
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether an officer has confirmed it, so that others than team and staff may see it.
    pub const fn is_confirmed(self) -> bool {
        matches!(self, Self::Verified | Self::Published | Self::Superseded)
    }
}

use MeasurementMove as M;
use MeasurementStatus as S;

const fn step(command: M, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, M> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move that a measurement can make.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(
        M::Submit,
        &[S::Draft, S::Returned],
        S::Submitted,
        false,
        "time, cost or visits is measured in all its parts; the pilot has not ended",
    ),
    step(M::Return, &[S::Submitted], S::Returned, true, ""),
    step(
        M::Verify,
        &[S::Submitted],
        S::Verified,
        false,
        "not by who created it; supersedes the one in force of the same pilot, service, kind and method version, of a replication also of the same district",
    ),
    step(M::Publish, &[S::Verified], S::Published, false, "the pilot is public"),
    step(M::Supersede, S::IN_FORCE, S::Superseded, false, "a newer one of its kind was verified"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lifecycle::next;

    #[test]
    fn every_pair_of_status_and_command_is_decided_by_the_table() {
        for &state in S::ALL {
            for &command in M::ALL {
                let expected = match (state, command) {
                    (S::Draft | S::Returned, M::Submit) => Some(S::Submitted),
                    (S::Submitted, M::Return) => Some(S::Returned),
                    (S::Submitted, M::Verify) => Some(S::Verified),
                    (S::Verified, M::Publish) => Some(S::Published),
                    (S::Verified | S::Published, M::Supersede) => Some(S::Superseded),
                    _ => None,
                };
                let found = next(LIFECYCLE, state, command).ok().map(|step| step.to);
                assert_eq!(found, expected, "{state:?} {command:?}");
            }
        }
    }

    #[test]
    fn every_status_but_the_first_is_reached_and_the_end_stays_the_end() {
        for &state in S::ALL {
            assert!(state == S::Draft || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
        }
        assert!(!LIFECYCLE.iter().any(|step| step.from.contains(&S::Superseded)));
    }

    #[test]
    fn what_is_confirmed_is_no_longer_edited() {
        assert!(S::ALL.iter().all(|state| !(state.is_editable() && state.is_confirmed())));
        assert!(S::IN_FORCE.iter().all(|state| state.is_confirmed()));
    }
}
