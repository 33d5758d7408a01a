//! Reviews: who scores a request, free of conflicts and blind to the others, and what the scores come to.

pub mod content;
mod rows;
pub mod status;

pub use rows::FundingReviewRow;
pub use status::{ReviewCommand, ReviewStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
