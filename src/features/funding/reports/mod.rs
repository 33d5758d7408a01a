//! Expenditure reports: what a tranche was spent on, with vouchers.

pub mod content;
mod rows;
pub mod status;

pub use rows::ExpenditureReportRow;
pub use status::{ReportCommand, ReportStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
