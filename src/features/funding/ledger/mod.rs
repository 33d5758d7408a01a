//! The ledger: one append-only list of lines a fund, each with what there is after it. Every poisha that a fund gets,
//! gives to a round, holds, promises, pays or gets back is a line here, and what is not a line here did not happen.
//!
//! L1 the rounds never have more than the fund's capital; L2 a round never promises more than it has; L3 a request is
//! never paid more than was promised to it, nor promised more than was awarded; L4 of a tranche never more is accepted as
//! spent than remains paid; L5 what there is equals the replay of the lines; L6 a step has its effect once. `Totals` holds L1 to
//! L3 in code, the migration `0026_ledger` holds all of them in the database.

mod as_of;
mod balances;
mod get_fund_position;
mod get_funding_request_position;
mod get_ledger_entry;
mod get_reconciliation;
mod get_round_position;
mod kind;
mod list_ledger_entries;
mod post;
mod replay;
mod rows;
mod totals;
mod view;

pub use balances::totals_of_funds;
pub use kind::EntryKind;
pub use post::{Remark, Subject, post, reverse, totals};
pub use rows::LedgerEntryRow;
pub use totals::{Shortage, Totals};
pub use view::LedgerEntryView;

use crate::platform::web::{Operation, operations};

/// Its operations.
pub fn operations() -> Vec<Operation> {
    operations! {
        get_fund_position: get_fund_position;
        get_round_position: get_round_position;
        get_funding_request_position: get_funding_request_position;
        list_ledger_entries: list_ledger_entries;
        get_ledger_entry: get_ledger_entry;
        get_reconciliation: get_reconciliation;
    }
}
