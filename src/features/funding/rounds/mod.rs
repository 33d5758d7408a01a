//! Rounds: calls for requests, their rules, dates and extensions, the meetings of their panels, their release.

pub mod policy;
mod rows;
pub mod status;

pub use rows::{PanelMeetingRow, RoundExtensionRow, RoundRow};
pub use status::{RoundCommand, RoundStatus};

use crate::platform::web::Operation;

/// Its operations.
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
