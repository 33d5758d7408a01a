//! Funds: capital that rounds are given out of.

mod access;
mod add_fund_capital;
mod content;
mod create_fund;
mod facts;
mod get_fund;
mod get_fund_actions;
mod guards;
mod list_funds;
mod rows;
pub mod status;
mod transition_fund;
mod update_fund;
mod view;

pub use access::{Stakes, standing};
pub use guards::check_is_active;
pub use rows::{FundRow, find_fund};
pub use status::{FundCommand, FundStatus, LIFECYCLE as FUND_LIFECYCLE};

use crate::platform::web::{Operation, operations};

/// Its operations.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_funds: list_funds;
        create_fund: create_fund;
        get_fund: get_fund;
        get_fund_actions: get_fund_actions;
        update_fund: update_fund;
        transition_fund: transition_fund;
        add_fund_capital: add_fund_capital;
    }
}
