//! The lifecycle of a funding request.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a funding request stands.
    RequestStatus {
        /// Being written.
        Draft = "draft",
        /// Handed in.
        Submitted = "submitted",
        /// The rules of the round are checked.
        Eligibility = "eligibility",
        /// It breaks a rule.
        Ineligible = "ineligible",
        /// Back with the owner, for named parts of it.
        ChangesRequested = "changes_requested",
        /// Reviewers score it.
        UnderReview = "under_review",
        /// The panel deals with it.
        Panel = "panel",
        /// Recommended; its money is reserved.
        Recommended = "recommended",
        /// Awarded; its money is committed.
        Awarded = "awarded",
        /// Turned down.
        Declined = "declined",
        /// Waits for money.
        Waitlisted = "waitlisted",
        /// The agreement is signed by both sides.
        AgreementSigned = "agreement_signed",
        /// The first tranche is paid and the pilot runs.
        Active = "active",
        /// Nothing is paid for now.
        Suspended = "suspended",
        /// All is paid; the last reports and refunds come in.
        Closing = "closing",
        /// Every taka is accounted for.
        Closed = "closed",
        /// Ended early; what is not paid is free again.
        Terminated = "terminated",
        /// Nobody signed in time.
        Lapsed = "lapsed",
        /// Taken back by the owner.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What moves a funding request.
    RequestMove {
        /// Hand in.
        Submit = "submit",
        /// Begin to check the rules.
        StartEligibility = "start_eligibility",
        /// It breaks a rule.
        FindIneligible = "find_ineligible",
        /// Send named parts back to the owner.
        RequestChanges = "request_changes",
        /// Give it to the reviewers.
        StartReview = "start_review",
        /// Give it to the panel.
        StartPanel = "start_panel",
        /// Recommend an amount and reserve it.
        Recommend = "recommend",
        /// Award it.
        Award = "award",
        /// Turn it down.
        Decline = "decline",
        /// Let it wait for money.
        Waitlist = "waitlist",
        /// The system: money was freed.
        MoveUp = "move_up",
        /// The system: both sides have signed.
        SignAgreement = "sign_agreement",
        /// The system: the first tranche is paid and gate 1 is passed.
        Activate = "activate",
        /// Pay nothing for now.
        Suspend = "suspend",
        /// Pay again.
        Resume = "resume",
        /// End it early.
        Terminate = "terminate",
        /// All is paid.
        StartClosing = "start_closing",
        /// All is accounted for.
        Close = "close",
        /// Nobody signed in time.
        Lapse = "lapse",
        /// Take it back.
        Withdraw = "withdraw",
    }
}

words! {
    RequestStatus { Draft "খসড়া", Submitted "জমা দেওয়া হয়েছে", Eligibility "যোগ্যতা যাচাই", Ineligible "অযোগ্য", ChangesRequested "সংশোধন চাওয়া হয়েছে", UnderReview "মূল্যায়ন চলছে", Panel "প্যানেলে", Recommended "সুপারিশকৃত", Awarded "অনুদানপ্রাপ্ত", Declined "প্রত্যাখ্যাত", Waitlisted "অপেক্ষমাণ", AgreementSigned "চুক্তি স্বাক্ষরিত", Active "চলমান", Suspended "স্থগিত", Closing "সমাপ্তি চলছে", Closed "সমাপ্ত", Terminated "বাতিল", Lapsed "তামাদি", Withdrawn "প্রত্যাহৃত" }
    RequestMove { Submit "জমা দেওয়া", StartEligibility "যোগ্যতা যাচাই শুরু", FindIneligible "অযোগ্য ঘোষণা", RequestChanges "সংশোধন চাওয়া", StartReview "মূল্যায়ন শুরু", StartPanel "প্যানেলে পাঠানো", Recommend "সুপারিশ", Award "অনুদান দেওয়া", Decline "প্রত্যাখ্যান", Waitlist "অপেক্ষমাণ রাখা", MoveUp "অগ্রসর করা", SignAgreement "চুক্তি স্বাক্ষর", Activate "চালু করা", Suspend "স্থগিত করা", Resume "পুনরায় চালু", Terminate "বাতিল করা", StartClosing "সমাপ্তি শুরু", Close "সমাপ্ত করা", Lapse "তামাদি হওয়া", Withdraw "প্রত্যাহার" }
}

use RequestMove as M;
use RequestStatus as S;

const fn step(command: M, from: &'static [S], to: S, needs_reason: bool, guard: &'static str) -> Move<S, M> {
    Move { command, from, to, needs_reason, guard }
}

/// Every move of a funding request.
pub const LIFECYCLE: &[Move<S, M>] = &[
    step(
        M::Submit,
        &[S::Draft, S::ChangesRequested],
        S::Submitted,
        false,
        "the pilot is in design; the round is open (for a draft); the amount lies between the smallest and the largest \
         award; the budget lines add up to it; the first time gives the reference",
    ),
    step(M::StartEligibility, &[S::Submitted], S::Eligibility, false, ""),
    step(
        M::FindIneligible,
        &[S::Eligibility, S::ChangesRequested],
        S::Ineligible,
        true,
        "the latest check has a rule that is not met; or the day until which changes were due has passed",
    ),
    step(
        M::RequestChanges,
        &[S::Eligibility, S::UnderReview],
        S::ChangesRequested,
        true,
        "names the parts that are reopened, and until when",
    ),
    step(
        M::StartReview,
        &[S::Eligibility],
        S::UnderReview,
        false,
        "every rule is met in the latest check; the round's minimum of reviewers is assigned",
    ),
    step(M::StartPanel, &[S::UnderReview], S::Panel, false, "the round's minimum of reviews is in"),
    step(
        M::Recommend,
        &[S::Panel],
        S::Recommended,
        true,
        "a meeting with a quorum; at most what is requested and the largest award; posts `reserve`",
    ),
    step(
        M::Award,
        &[S::Recommended],
        S::Awarded,
        false,
        "not a reviewer, not who recommended it; above the limit a second approver; posts `unreserve` and `commit`",
    ),
    step(M::Decline, &[S::Panel, S::Recommended, S::Waitlisted], S::Declined, true, "posts `unreserve`"),
    step(M::Waitlist, &[S::Panel, S::Recommended], S::Waitlisted, true, "posts `unreserve`"),
    step(
        M::MoveUp,
        &[S::Waitlisted],
        S::Recommended,
        false,
        "money was freed; the one that waits longest; posts `reserve`",
    ),
    step(
        M::SignAgreement,
        &[S::Awarded],
        S::AgreementSigned,
        false,
        "results are released; owner and fund officer have signed; the tranches add up exactly to the award",
    ),
    step(M::Activate, &[S::AgreementSigned], S::Active, false, "the first tranche is paid and gate 1 is passed"),
    step(M::Suspend, &[S::Active], S::Suspended, true, "no tranche is paid"),
    step(M::Resume, &[S::Suspended], S::Active, true, ""),
    step(
        M::Terminate,
        &[S::AgreementSigned, S::Active, S::Suspended],
        S::Terminated,
        true,
        "posts `decommit` for what is not paid; what is paid and not proven is to be recovered",
    ),
    step(M::StartClosing, &[S::Active], S::Closing, false, "no tranche is left to be paid"),
    step(
        M::Close,
        &[S::Closing],
        S::Closed,
        false,
        "all reports are accepted, refunds are in; posts `decommit` for the rest",
    ),
    step(
        M::Lapse,
        &[S::Awarded],
        S::Lapsed,
        false,
        "the day until which it had to be signed has passed; posts `decommit`",
    ),
    step(
        M::Withdraw,
        &[S::Submitted, S::Eligibility, S::ChangesRequested, S::UnderReview, S::Panel, S::Recommended, S::Waitlisted],
        S::Withdrawn,
        true,
        "posts `unreserve`",
    ),
];

impl RequestStatus {
    /// What is not told before the results of the round are released.
    pub const UNTOLD: &'static [Self] =
        &[Self::Panel, Self::Recommended, Self::Awarded, Self::Declined, Self::Waitlisted, Self::Lapsed];

    /// Whether nothing is asked for: not handed in yet, or over.
    pub const fn is_idle(self) -> bool {
        matches!(self, Self::Draft) || self.is_final()
    }

    /// Whether it is over.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Ineligible | Self::Declined | Self::Closed | Self::Terminated | Self::Lapsed | Self::Withdrawn
        )
    }

    /// What the applicant is told before the results of the round are released: from the panel on, that it is reviewed.
    pub const fn as_told(self, is_released: bool) -> Self {
        match self {
            Self::Panel
            | Self::Recommended
            | Self::Awarded
            | Self::Declined
            | Self::Waitlisted
            // An award whose pilot ended meanwhile.
            | Self::Lapsed
                if !is_released =>
            {
                Self::UnderReview
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lifecycle::next;

    #[test]
    fn every_status_but_the_first_is_reached_and_ends_stay_ends() {
        for &state in S::ALL {
            assert!(state == S::Draft || LIFECYCLE.iter().any(|step| step.to == state), "{state:?} is out of reach");
            let goes_on = M::ALL.iter().any(|command| next(LIFECYCLE, state, *command).is_ok());
            assert_eq!(goes_on, !state.is_final(), "{state:?}");
        }
        for &command in M::ALL {
            assert_eq!(LIFECYCLE.iter().filter(|step| step.command == command).count(), 1, "{command:?}");
        }
    }

    #[test]
    fn nothing_of_a_decision_is_told_before_the_release() {
        for &state in S::UNTOLD {
            assert_eq!((state.as_told(false), state.as_told(true)), (S::UnderReview, state));
        }
        assert_eq!(S::ChangesRequested.as_told(false), S::ChangesRequested);
    }
}
