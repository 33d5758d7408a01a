//! The lifecycle of a round.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a round stands.
    RoundStatus {
        /// Announced; its rules may still change.
        Forecast = "forecast",
        /// Takes requests between its dates; its rules are fixed.
        Open = "open",
        /// Takes no more requests.
        Closed = "closed",
        /// Requests are reviewed and decided upon.
        Deciding = "deciding",
        /// All are decided.
        Decided = "decided",
        /// Nothing is left to do.
        Archived = "archived",
    }
}

text_enum! {
    /// What can be asked of a round.
    RoundCommand {
        /// Take requests.
        Open = "open",
        /// Take no more.
        Close = "close",
        /// Begin to review.
        StartDeciding = "start_deciding",
        /// All is decided.
        FinishDeciding = "finish_deciding",
        /// Put away.
        Archive = "archive",
    }
}

words! {
    RoundStatus { Forecast "পূর্বাভাস", Open "খোলা", Closed "বন্ধ", Deciding "সিদ্ধান্ত চলছে", Decided "সিদ্ধান্ত হয়েছে", Archived "সংরক্ষিত" }
    RoundCommand { Open "খোলা", Close "বন্ধ করা", StartDeciding "সিদ্ধান্ত শুরু", FinishDeciding "সিদ্ধান্ত সম্পন্ন করা", Archive "সংরক্ষণ করা" }
}

impl RoundCommand {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Open => "transition_funding_round.open",
            Self::Close => "transition_funding_round.close",
            Self::StartDeciding => "transition_funding_round.start_deciding",
            Self::FinishDeciding => "transition_funding_round.finish_deciding",
            Self::Archive => "transition_funding_round.archive",
        }
    }
}

use RoundCommand as C;
use RoundStatus as S;

const fn step(command: C, from: &'static [S], to: S, guard: &'static str) -> Move<S, C> {
    Move { command, from, to, needs_reason: false, guard }
}

/// Every move of a round.
pub const LIFECYCLE: &[Move<S, C>] = &[
    step(
        C::Open,
        &[S::Forecast],
        S::Open,
        "the fund is active; a rubric, weights and anchors are there; it closes later than now",
    ),
    step(C::Close, &[S::Open], S::Closed, "its time is over"),
    step(C::StartDeciding, &[S::Closed], S::Deciding, ""),
    step(C::FinishDeciding, &[S::Deciding], S::Decided, "no request is between its submit and its decision"),
    step(
        C::Archive,
        &[S::Decided],
        S::Archived,
        "results are released; every award is closed, terminated or lapsed; nothing waits",
    ),
];
