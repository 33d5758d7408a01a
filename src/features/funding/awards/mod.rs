//! Decisions on a request: recommendation, award, decline, waitlist, lapse; and what is public of awards.

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
