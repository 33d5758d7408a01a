//! The lifecycle of a tranche.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a tranche stands.
    TrancheStatus {
        /// Ahead.
        Planned = "planned",
        /// The pilot asks for it.
        Requested = "requested",
        /// It may be paid.
        Approved = "approved",
        /// It is paid.
        Disbursed = "disbursed",
        /// What it was spent on is handed in.
        Reported = "reported",
        /// The report is accepted and the rest is back.
        Settled = "settled",
        /// It is held back.
        Withheld = "withheld",
        /// The payment did not arrive.
        Failed = "failed",
        /// It will not be paid.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What moves a tranche.
    TrancheMove {
        /// Ask for it.
        Request = "request",
        /// Let it be paid.
        Approve = "approve",
        /// Record the payment.
        Disburse = "disburse",
        /// The system: its report is handed in.
        Report = "report",
        /// The system: its report was sent back.
        Reopen = "reopen",
        /// The system: its report is accepted and nothing is left to come back.
        Settle = "settle",
        /// Hold it back.
        Withhold = "withhold",
        /// Let it be asked for again.
        Release = "release",
        /// The payment did not arrive.
        Fail = "fail",
        /// It will not be paid.
        Cancel = "cancel",
    }
}

words! {
    TrancheStatus { Planned "পরিকল্পিত", Requested "চাওয়া হয়েছে", Approved "অনুমোদিত", Disbursed "পরিশোধিত", Reported "প্রতিবেদন জমা", Settled "নিষ্পন্ন", Withheld "আটকে রাখা", Failed "ব্যর্থ", Cancelled "বাতিল" }
    TrancheMove { Request "চাওয়া", Approve "অনুমোদন", Disburse "পরিশোধ", Report "প্রতিবেদন জমা", Reopen "পুনরায় খোলা", Settle "নিষ্পত্তি", Withhold "আটকে রাখা", Release "ছাড় করা", Fail "ব্যর্থ হওয়া", Cancel "বাতিল করা" }
}

use TrancheMove as M;
use TrancheStatus as S;

const fn step(command: M, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, M> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move of a tranche.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(
        M::Request,
        &[S::Planned, S::Failed],
        S::Requested,
        false,
        "the agreement is signed; the report on the tranche before is accepted and spent to the policy's share; its milestones are done",
    ),
    step(M::Approve, &[S::Requested], S::Approved, false, "not who asked for it, not a reviewer"),
    step(
        M::Disburse,
        &[S::Approved],
        S::Disbursed,
        false,
        "not who asked for it, not an approver, not a reviewer; the pilot is not on hold; posts `disburse`",
    ),
    step(M::Report, &[S::Disbursed], S::Reported, false, "its expenditure report is handed in"),
    step(M::Reopen, &[S::Reported], S::Disbursed, false, "its report was sent back"),
    step(
        M::Settle,
        &[S::Reported],
        S::Settled,
        false,
        "its report is accepted; accepted and refunded add up to what was paid",
    ),
    step(M::Withhold, &[S::Planned, S::Requested, S::Approved], S::Withheld, true, ""),
    step(M::Release, &[S::Withheld], S::Planned, true, ""),
    step(M::Fail, &[S::Disbursed], S::Failed, true, "no report was handed in; posts `reverse`"),
    step(
        M::Cancel,
        &[S::Planned, S::Requested, S::Approved, S::Withheld, S::Failed],
        S::Cancelled,
        true,
        "it is not needed any more, or its request ends; what it would have been is free when the request closes or ends",
    ),
];

text_enum! {
    /// What can be asked of a tranche. What pays it are operations of their own.
    TrancheCommand {
        /// Ask for it.
        Request = "request",
        /// Let it be paid.
        Approve = "approve",
        /// Hold it back.
        Withhold = "withhold",
        /// Let it be asked for again.
        Release = "release",
        /// Say that it will not be paid.
        Cancel = "cancel",
    }
}

impl TrancheCommand {
    /// The move that it asks for.
    pub const fn as_move(self) -> TrancheMove {
        match self {
            Self::Request => M::Request,
            Self::Approve => M::Approve,
            Self::Withhold => M::Withhold,
            Self::Release => M::Release,
            Self::Cancel => M::Cancel,
        }
    }

    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Request => "transition_tranche.request",
            Self::Approve => "transition_tranche.approve",
            Self::Withhold => "transition_tranche.withhold",
            Self::Release => "transition_tranche.release",
            Self::Cancel => "transition_tranche.cancel",
        }
    }
}

impl TrancheStatus {
    /// Whether it is still ahead that it is paid.
    pub const fn is_unpaid(self) -> bool {
        matches!(self, S::Planned | S::Requested | S::Approved | S::Withheld | S::Failed)
    }

    /// Whether it is paid.
    pub const fn is_paid(self) -> bool {
        matches!(self, S::Disbursed | S::Reported | S::Settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn every_status_but_the_first_is_reached_and_ends_stay_ends() {
        for &state in S::ALL {
            assert!(state == S::Planned || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
            let goes_on = M::ALL.iter().any(|command| next(LIFECYCLE, state, *command).is_ok());
            assert_eq!(goes_on, !matches!(state, S::Settled | S::Cancelled), "{state:?}");
            assert_eq!(state.is_unpaid(), next(LIFECYCLE, state, M::Cancel).is_ok(), "{state:?}");
            assert!(!(state.is_paid() && state.is_unpaid()), "{state:?}");
        }
        for &command in TrancheCommand::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.line()), "{command:?}");
        }
    }
}
