//! The lists of the fund as tables: the columns of each, and a page of its cells in the order of its key.

mod decisions;
mod expenditure_reports;
mod funds;
mod ledger;
mod panel_meetings;
mod requests;
mod reviews;
mod round_extensions;
mod rounds;
mod sources;
mod tranches;

use std::collections::HashSet;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    dsl::{exists, not},
};

use super::csv;
use crate::{
    features::{
        funding::{
            ids::{FundId, RoundId},
            rounds::RoundStatus,
        },
        pilots::PilotId,
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, pilot_members},
        },
        error::AppError,
        ids::UserId,
        text_enum::text_enum,
    },
};

text_enum! {
    /// A list that can be exported.
    FundingList {
        /// The funds; for anyone.
        Funds = "funds",
        /// The rounds of all funds; for anyone.
        Rounds = "rounds",
        /// How the closing of rounds was moved; for anyone.
        RoundExtensions = "round_extensions",
        /// The meetings of the panels.
        PanelMeetings = "panel_meetings",
        /// The funding requests that were handed in.
        Requests = "requests",
        /// What was decided on them.
        Decisions = "decisions",
        /// Who reviews them, and the scores.
        Reviews = "reviews",
        /// The tranches of awards.
        Tranches = "tranches",
        /// What tranches were spent on.
        ExpenditureReports = "expenditure_reports",
        /// The lines of the ledgers.
        Ledger = "ledger",
        /// What others give to pilots; of no fund and no round.
        Sources = "sources",
    }
}

impl FundingList {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Funds => "export_funding_list.funds",
            Self::Rounds => "export_funding_list.rounds",
            Self::RoundExtensions => "export_funding_list.round_extensions",
            Self::PanelMeetings => "export_funding_list.panel_meetings",
            Self::Requests => "export_funding_list.requests",
            Self::Decisions => "export_funding_list.decisions",
            Self::Reviews => "export_funding_list.reviews",
            Self::Tranches => "export_funding_list.tranches",
            Self::ExpenditureReports => "export_funding_list.expenditure_reports",
            Self::Ledger => "export_funding_list.ledger",
            Self::Sources => "export_funding_list.sources",
        }
    }

    /// Whether anyone may have it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Funds | Self::Rounds | Self::RoundExtensions)
    }

    /// What the columns are called.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Funds => funds::COLUMNS,
            Self::Rounds => rounds::COLUMNS,
            Self::RoundExtensions => round_extensions::COLUMNS,
            Self::PanelMeetings => panel_meetings::COLUMNS,
            Self::Requests => requests::COLUMNS,
            Self::Decisions => decisions::COLUMNS,
            Self::Reviews => reviews::COLUMNS,
            Self::Tranches => tranches::COLUMNS,
            Self::ExpenditureReports => expenditure_reports::COLUMNS,
            Self::Ledger => ledger::COLUMNS,
            Self::Sources => sources::COLUMNS,
        }
    }

    /// A page of it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn page(self, connection: &mut DbConnection, which: Which, after: Option<After>) -> Result<Cells, AppError> {
        match self {
            Self::Funds => funds::page(connection, which, after),
            Self::Rounds => rounds::page(connection, which, after),
            Self::RoundExtensions => round_extensions::page(connection, which, after),
            Self::PanelMeetings => panel_meetings::page(connection, which, after),
            Self::Requests => requests::page(connection, which, after),
            Self::Decisions => decisions::page(connection, which, after),
            Self::Reviews => reviews::page(connection, which, after),
            Self::Tranches => tranches::page(connection, which, after),
            Self::ExpenditureReports => expenditure_reports::page(connection, which, after),
            Self::Ledger => ledger::page(connection, which, after),
            Self::Sources => sources::page(connection, after),
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

/// So many rows are in memory at a time.
const AT_ONCE: i64 = 500;

/// A page of a query in the order of an identifier, after the row where the last one ended; of some columns, where a value is
/// wanted, that one alone.
macro_rules! page_of {
    ($connection:expr, $query:expr, $id:expr, $after:expr $(, ($wanted:expr, $column:expr))*) => {{
        let mut chosen = $query.order($id).limit(super::AT_ONCE).into_boxed();
        $(if let Some(wanted) = $wanted {
            chosen = chosen.filter($column.eq(wanted));
        })*
        if let Some(After(id, _)) = $after {
            chosen = chosen.filter($id.gt(id));
        }
        chosen.load($connection)?
    }};
}
use page_of;

fn paged<R>(rows: Vec<R>, key: impl Fn(&R) -> After, cells: impl FnMut(R) -> Vec<String>) -> Cells {
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == AT_ONCE);
    let next = rows.last().filter(|_| is_full).map(key);
    (rows.into_iter().map(cells).collect(), next)
}

/// A round that hides nothing of its requests any more.
#[diesel::dsl::auto_type(no_type_alias)]
fn unsealed() -> _ {
    let still_taking: [RoundStatus; 2] = [RoundStatus::Forecast, RoundStatus::Open];
    funding_rounds::is_sealed.eq(false).or(funding_rounds::status.ne_all(still_taking))
}

/// A request of a pilot in whose team the reader neither is nor was.
#[diesel::dsl::auto_type(no_type_alias)]
fn others_pilots(reader: Option<UserId>) -> _ {
    let membership = pilot_members::table
        .filter(pilot_members::pilot_id.eq(funding_requests::pilot_id))
        .filter(pilot_members::user_id.nullable().eq(reader));
    not(exists(membership))
}

/// Of these pilots those in whose team the reader is or was.
fn own_pilots(
    connection: &mut DbConnection,
    reader: Option<UserId>,
    of: Vec<PilotId>,
) -> Result<HashSet<PilotId>, AppError> {
    let Some(reader) = reader else { return Ok(HashSet::new()) };
    let found: Vec<PilotId> = pilot_members::table
        .filter(pilot_members::pilot_id.eq_any(of))
        .filter(pilot_members::user_id.eq(reader))
        .select(pilot_members::pilot_id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}
