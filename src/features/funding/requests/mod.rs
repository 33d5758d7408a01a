//! Funding requests: what the owner of a pilot asks a round for, its way through eligibility, and its history.

mod access;
mod advance;
pub mod content;
mod rows;
pub mod status;

pub use access::{SeenRequest, see_request, stand_to_request};
pub use advance::{By, advance, save};
pub use rows::{EligibilityResultRow, FundingRequestRow, RequestTransitionRow};
pub use status::{RequestMove, RequestStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
