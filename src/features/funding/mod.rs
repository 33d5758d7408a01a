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

use crate::platform::web::Operation;

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
