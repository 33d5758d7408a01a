//! Funds: capital that rounds are given out of.

mod rows;
pub mod status;

pub use rows::FundRow;
pub use status::{FundCommand, FundStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
