//! The lifecycle of an expenditure report.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where an expenditure report stands.
    ReportStatus {
        /// Being written.
        Draft = "draft",
        /// Handed in.
        Submitted = "submitted",
        /// Its vouchers are checked.
        Checked = "checked",
        /// Accepted as spent, in whole or in part.
        Accepted = "accepted",
        /// Back with the team.
        Returned = "returned",
        /// Something in it is contested.
        Disputed = "disputed",
    }
}

text_enum! {
    /// What can be asked of an expenditure report.
    ReportCommand {
        /// Hand in.
        Submit = "submit",
        /// Say that its vouchers are checked.
        Check = "check",
        /// Accept an amount as spent.
        Accept = "accept",
        /// Send back.
        Return = "return",
        /// Contest.
        Dispute = "dispute",
    }
}

words! {
    ReportStatus { Draft "খসড়া", Submitted "জমা দেওয়া হয়েছে", Checked "যাচাইকৃত", Accepted "গৃহীত", Returned "ফেরত", Disputed "আপত্তিকৃত" }
    ReportCommand { Submit "জমা দেওয়া", Check "যাচাই", Accept "গ্রহণ", Return "ফেরত দেওয়া", Dispute "আপত্তি" }
}

use ReportCommand as C;
use ReportStatus as S;

const fn step(command: C, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, C> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move of an expenditure report.
pub const LIFECYCLE: &[Move<S, C>] = &[
    step(
        C::Submit,
        &[S::Draft, S::Returned],
        S::Submitted,
        false,
        "the lines add up to no more than was paid; each has its voucher attached",
    ),
    step(C::Check, &[S::Submitted, S::Disputed], S::Checked, false, "a fund officer outside the team"),
    step(
        C::Accept,
        &[S::Checked],
        S::Accepted,
        false,
        "a finance officer outside the team, not who checked it; at most what remains paid of the tranche",
    ),
    step(C::Return, &[S::Submitted, S::Checked, S::Disputed], S::Returned, true, ""),
    step(C::Dispute, &[S::Submitted, S::Checked], S::Disputed, true, ""),
];

impl ReportCommand {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Submit => "transition_expenditure_report.submit",
            Self::Check => "transition_expenditure_report.check",
            Self::Accept => "transition_expenditure_report.accept",
            Self::Return => "transition_expenditure_report.return",
            Self::Dispute => "transition_expenditure_report.dispute",
        }
    }
}

impl ReportStatus {
    /// Whether the team still edits it.
    pub const fn is_editable(self) -> bool {
        matches!(self, S::Draft | S::Returned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn every_status_but_the_first_is_reached_and_an_accepted_report_stays() {
        for &state in S::ALL {
            assert!(state == S::Draft || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
            let goes_on = C::ALL.iter().any(|command| next(LIFECYCLE, state, *command).is_ok());
            assert_eq!(goes_on, state != S::Accepted, "{state:?}");
        }
        for &command in C::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.line()), "{command:?}");
        }
    }
}
