//! Agreements and tranches: the plan of an award, its payment part by part, what comes back.

mod rows;
pub mod status;

pub use rows::TrancheRow;
pub use status::{TrancheMove, TrancheStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
