//! The lifecycle of a handover.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a handover stands.
    HandoverStatus {
        /// Waits for the receiver.
        Offered = "offered",
        /// The receiver is the owner now.
        Accepted = "accepted",
        /// The receiver does not want it.
        Declined = "declined",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
        /// The pilot ended meanwhile.
        Lapsed = "lapsed",
    }
}

text_enum! {
    /// What moves a handover. The last two are not asked for.
    HandoverMove {
        /// Become the owner.
        Accept = "accept",
        /// Do not want it.
        Decline = "decline",
        /// Take the offer back.
        Withdraw = "withdraw",
        /// Its time is over.
        Expire = "expire",
        /// The pilot ends.
        Lapse = "lapse",
    }
}

text_enum! {
    /// What can be asked of a handover.
    HandoverCommand {
        /// Become the owner of the pilot.
        Accept = "accept",
        /// Do not want it; reason, if you like.
        Decline = "decline",
        /// Take the offer back; reason, if you like.
        Withdraw = "withdraw",
    }
}

words! {
    HandoverStatus { Offered "প্রস্তাবিত", Accepted "গৃহীত", Declined "প্রত্যাখ্যাত", Withdrawn "প্রত্যাহৃত", Expired "মেয়াদোত্তীর্ণ", Lapsed "তামাদি" }
    HandoverMove { Accept "গ্রহণ", Decline "প্রত্যাখ্যান", Withdraw "প্রত্যাহার", Expire "মেয়াদ শেষ হওয়া", Lapse "তামাদি হওয়া" }
}

use HandoverMove as M;
use HandoverStatus as S;

const fn step(command: M, to: S, guard: &'static str) -> Move<S, M> {
    Move { command, from: &[S::Offered], to, needs_reason: false, guard }
}

/// Every move that a handover can make.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(
        M::Accept,
        S::Accepted,
        "the receiver, who is an innovator and never judged the pilot; changes its owner and nothing else",
    ),
    step(M::Decline, S::Declined, "the receiver"),
    step(M::Withdraw, S::Withdrawn, "who offered it, or the owner"),
    step(M::Expire, S::Expired, "fourteen days have passed"),
    step(M::Lapse, S::Lapsed, "the pilot has ended"),
];

impl HandoverCommand {
    /// The move behind a command.
    pub const fn as_move(self) -> M {
        match self {
            Self::Accept => M::Accept,
            Self::Decline => M::Decline,
            Self::Withdraw => M::Withdraw,
        }
    }

    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Accept => "transition_handover.accept",
            Self::Decline => "transition_handover.decline",
            Self::Withdraw => "transition_handover.withdraw",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn an_offer_is_answered_once() {
        for &state in S::ALL {
            for &command in M::ALL {
                assert_eq!(next(LIFECYCLE, state, command).is_ok(), state == S::Offered, "{state:?} {command:?}");
            }
        }
        assert!(S::ALL.iter().all(|state| *state == S::Offered || LIFECYCLE.iter().any(|step| step.to == *state)));
        for command in HandoverCommand::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.line()), "{command:?}");
        }
    }
}
