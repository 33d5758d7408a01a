//! The lists of the fund as tables: their columns, and a page of each.

use super::list_cells::{ledger, reports, requests, rounds, tranche_parts};
use crate::{
    features::funding::ids::{FundId, RoundId},
    platform::{db::DbConnection, error::AppError, ids::UserId, text_enum::text_enum},
};

text_enum! {
    /// A list that can be exported.
    FundingList {
        /// The rounds of all funds; for anyone.
        Rounds = "rounds",
        /// The funding requests that were handed in.
        Requests = "requests",
        /// The tranches of awards.
        Tranches = "tranches",
        /// What tranches were spent on.
        ExpenditureReports = "expenditure_reports",
        /// The lines of the ledgers.
        Ledger = "ledger",
    }
}

impl FundingList {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Rounds => "export_funding_list.rounds",
            Self::Requests => "export_funding_list.requests",
            Self::Tranches => "export_funding_list.tranches",
            Self::ExpenditureReports => "export_funding_list.expenditure_reports",
            Self::Ledger => "export_funding_list.ledger",
        }
    }

    /// What the columns are called.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Rounds => &[
                "id",
                "fund_id",
                "number",
                "theme_bn",
                "theme_en",
                "status",
                "opens_at",
                "closes_at",
                "smallest_award",
                "largest_award",
                "release_on",
                "released_at",
            ],
            Self::Requests => &[
                "id",
                "reference",
                "fund_id",
                "round_id",
                "pilot_id",
                "pilot_reference",
                "status",
                "requested",
                "recommended",
                "awarded",
                "submitted_at",
                "awarded_at",
                "agreement_due_on",
                "ended_at",
                "purpose_bn",
                "purpose_en",
            ],
            Self::Tranches => &[
                "id",
                "request_id",
                "request_reference",
                "pilot_id",
                "number",
                "amount",
                "planned_on",
                "status",
                "requested_at",
                "approved_at",
                "disbursed_at",
                "payment_reference",
                "paid_on",
                "status_reason",
            ],
            Self::ExpenditureReports => &[
                "id",
                "tranche_id",
                "request_id",
                "request_reference",
                "pilot_id",
                "status",
                "total",
                "accepted",
                "submitted_at",
                "checked_at",
                "accepted_at",
                "status_reason",
            ],
            Self::Ledger => &[
                "fund_id",
                "seq",
                "id",
                "at",
                "kind",
                "effect",
                "amount",
                "round_id",
                "request_id",
                "tranche_id",
                "reverses_id",
                "actor_id",
                "reason",
                "payment_reference",
                "paid_on",
                "fund_capital",
                "fund_allocated",
                "round_allocated",
                "round_reserved",
                "round_committed",
                "round_disbursed",
                "request_reserved",
                "request_committed",
                "request_disbursed",
                "tranche_disbursed",
            ],
        }
    }
}

/// Which rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    /// Those of this fund.
    pub fund: Option<FundId>,
    /// Those of this round.
    pub round: Option<RoundId>,
    /// Who reads; what is not released is not told to the team, whatever else they are.
    pub reader: Option<UserId>,
}

/// After which row a page begins: its key, and of a ledger its number.
#[derive(Clone, Debug)]
pub struct After(pub String, pub i64);

/// A page of cells, and where to go on; `None` after the last one.
pub type Cells = (Vec<Vec<String>>, Option<After>);

/// A page of a list.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut DbConnection,
    list: FundingList,
    which: Which,
    after: Option<After>,
) -> Result<Cells, AppError> {
    match list {
        FundingList::Rounds => rounds(connection, which, after),
        FundingList::Requests => requests(connection, which, after),
        FundingList::Tranches => tranche_parts(connection, which, after),
        FundingList::ExpenditureReports => reports(connection, which, after),
        FundingList::Ledger => ledger(connection, which, after),
    }
}
