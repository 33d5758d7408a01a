//! Decisions on a request: recommendation, award, decline, waitlist, lapse; and what is public of awards.

mod freeing;

pub use freeing::{move_up, release_commitment, release_reservation};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
