//! Money for pilots: the Service Innovation Fund from its capital to the last accounted taka, and local sources beside it.
//!
//! Each subject has a folder. `ledger` is the only place where money moves; whoever moves some runs in
//! `Call::write_money`, calls `ledger::post`, and moves the record that it is about in the same transaction.

mod amounts;
pub mod awards;
pub mod funds;
pub mod ids;
pub mod ledger;
mod open_data;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod rounds;
pub mod sources;
pub mod tranches;

pub use reports::ExpenditureReportFiles;
pub use sources::{Funded, SourcesFollow};
pub use tranches::{FundingRequestFiles, MoneySettled, RequestsFollow};

use crate::platform::{auth::Role, web::Operation};

/// Who reads the books. What is decided and not released must not reach an applicant, so the feed of changes tells them
/// of requests and their checks, and nobody else.
pub const FUND_STAFF: &[Role] = &[Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer, Role::Auditor];

/// Everything that has to do with money.
pub fn operations() -> Vec<Operation> {
    let subjects = [
        funds::operations(),
        ledger::operations(),
        rounds::operations(),
        requests::operations(),
        reviews::operations(),
        awards::operations(),
        tranches::operations(),
        reports::operations(),
        sources::operations(),
        open_data::operations(),
    ];
    subjects.into_iter().flatten().collect()
}
