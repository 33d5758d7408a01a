//! The identifiers of everything that has to do with money for pilots.

use crate::platform::ids::id_types;

id_types! {
    /// A fund.
    FundId;
    /// A round of a fund.
    RoundId;
    /// A later closing date of a round.
    RoundExtensionId;
    /// A meeting of a round's panel.
    PanelMeetingId;
    /// A line of a fund's ledger.
    LedgerEntryId;
    /// What a pilot asks a round for.
    FundingRequestId;
    /// A move of a funding request.
    RequestTransitionId;
    /// What a rule said of a request.
    EligibilityResultId;
    /// A review of a request.
    FundingReviewId;
    /// A part of an award.
    TrancheId;
    /// A move of a tranche.
    TrancheTransitionId;
    /// What a tranche was spent on.
    ExpenditureReportId;
    /// Local money of a pilot.
    FundingSourceId;
}
