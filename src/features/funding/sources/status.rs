//! The lifecycle of a local funding source, and the kinds there are.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where local money comes from.
    SourceKind {
        /// The budget of an office.
        OfficeBudget = "office_budget",
        /// A donor of the place.
        LocalDonor = "local_donor",
        /// A private partner.
        PrivatePartner = "private_partner",
        /// Goods, rooms or work instead of money, at their value.
        InKind = "in_kind",
    }
}

text_enum! {
    /// Where a funding source stands.
    SourceStatus {
        /// The team says so.
        Declared = "declared",
        /// An officer has seen the document.
        Confirmed = "confirmed",
        /// An officer does not accept it.
        Refused = "refused",
        /// The team took it back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What can be asked of a funding source.
    SourceCommand {
        /// Confirm it.
        Confirm = "confirm",
        /// Do not accept it.
        Refuse = "refuse",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

words! {
    SourceStatus { Declared "ঘোষিত", Confirmed "নিশ্চিত", Refused "অগ্রাহ্য", Withdrawn "প্রত্যাহৃত" }
    SourceCommand { Confirm "নিশ্চিত করা", Refuse "অগ্রাহ্য করা", Withdraw "প্রত্যাহার" }
}

use SourceCommand as C;
use SourceStatus as S;

/// Every move of a funding source.
pub const LIFECYCLE: &[Move<S, C>] = &[
    Move {
        command: C::Confirm,
        from: &[S::Declared],
        to: S::Confirmed,
        needs_reason: false,
        guard: "an officer outside the team; its document is attached to the pilot",
    },
    Move {
        command: C::Refuse,
        from: &[S::Declared],
        to: S::Refused,
        needs_reason: true,
        guard: "an officer outside the team",
    },
    Move {
        command: C::Withdraw,
        from: &[S::Declared, S::Confirmed],
        to: S::Withdrawn,
        needs_reason: true,
        guard: "the owner or the deputy, before gate 1",
    },
];
