//! The lifecycle of a review.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a review stands.
    ReviewStatus {
        /// The reviewer has to declare conflicts first; the file is closed to them.
        Assigned = "assigned",
        /// Free of conflicts; the file is open, the review is a draft.
        Declared = "declared",
        /// Handed in.
        Submitted = "submitted",
        /// The reviewer has a conflict.
        Recused = "recused",
        /// Someone else took the place.
        Replaced = "replaced",
    }
}

text_enum! {
    /// What can be asked of a review.
    ReviewCommand {
        /// Declare to be free of conflicts.
        Declare = "declare",
        /// Declare a conflict, and step back.
        Recuse = "recuse",
        /// Hand in.
        Submit = "submit",
        /// Give the place to someone else.
        Replace = "replace",
    }
}

words! {
    ReviewStatus { Assigned "নিযুক্ত", Declared "স্বার্থের দ্বন্দ্বমুক্ত", Submitted "জমা দেওয়া হয়েছে", Recused "সরে দাঁড়িয়েছেন", Replaced "প্রতিস্থাপিত" }
    ReviewCommand { Declare "ঘোষণা", Recuse "সরে দাঁড়ানো", Submit "জমা দেওয়া", Replace "প্রতিস্থাপন" }
}

use ReviewCommand as C;
use ReviewStatus as S;

/// Every move of a review.
pub const LIFECYCLE: &[Move<S, C>] = &[
    Move {
        command: C::Declare,
        from: &[S::Assigned],
        to: S::Declared,
        needs_reason: false,
        guard: "the reviewer; opens the file",
    },
    Move {
        command: C::Recuse,
        from: &[S::Assigned, S::Declared],
        to: S::Recused,
        needs_reason: true,
        guard: "the reviewer; closes the file",
    },
    Move {
        command: C::Submit,
        from: &[S::Declared],
        to: S::Submitted,
        needs_reason: false,
        guard: "every criterion is scored within its anchors or marked not applicable, one at least is scored; the request is under review",
    },
    Move {
        command: C::Replace,
        from: &[S::Assigned, S::Declared, S::Recused],
        to: S::Replaced,
        needs_reason: true,
        guard: "a fund officer; names who takes the place",
    },
];

impl ReviewCommand {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Declare => "transition_funding_review.declare",
            Self::Recuse => "transition_funding_review.recuse",
            Self::Submit => "transition_funding_review.submit",
            Self::Replace => "transition_funding_review.replace",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn what_is_handed_in_or_replaced_stays_so() {
        for &state in S::ALL {
            assert!(state == S::Assigned || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
            let goes_on = C::ALL.iter().any(|command| next(LIFECYCLE, state, *command).is_ok());
            assert_eq!(goes_on, !matches!(state, S::Submitted | S::Replaced), "{state:?}");
        }
        for command in C::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.line()), "{command:?}");
        }
    }
}
