//! Local funding sources of a pilot: what others give besides the fund.

mod rows;
pub mod status;

pub use rows::FundingSourceRow;
pub use status::{SourceCommand, SourceKind, SourceStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
