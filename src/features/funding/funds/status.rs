//! The lifecycle of a fund.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a fund stands.
    FundStatus {
        /// Gives money to rounds.
        Active = "active",
        /// Gives no more.
        Closed = "closed",
    }
}

text_enum! {
    /// What can be asked of a fund.
    FundCommand {
        /// Give no more.
        Close = "close",
        /// Give again.
        Reopen = "reopen",
    }
}

words! {
    FundStatus { Active "চালু", Closed "বন্ধ" }
    FundCommand { Close "বন্ধ করা", Reopen "পুনরায় চালু করা" }
}

impl FundCommand {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Close => "transition_fund.close",
            Self::Reopen => "transition_fund.reopen",
        }
    }
}

/// Every move of a fund.
pub const LIFECYCLE: &[Move<FundStatus, FundCommand>] = &[
    Move {
        command: FundCommand::Close,
        from: &[FundStatus::Active],
        to: FundStatus::Closed,
        needs_reason: true,
        guard: "no round is open, closed and not yet dealt with, or deciding",
    },
    Move {
        command: FundCommand::Reopen,
        from: &[FundStatus::Closed],
        to: FundStatus::Active,
        needs_reason: true,
        guard: "",
    },
];
