//! Rounds: calls for requests, their rules, dates and extensions, the meetings of their panels, their release.

mod allocate_to_round;
mod content;
mod create_funding_round;
mod create_panel_meeting;
mod extend_funding_round;
mod facts;
mod get_funding_round;
mod get_funding_round_actions;
mod get_panel_meeting;
mod guards;
mod list_funding_rounds;
mod list_panel_meetings;
mod list_round_extensions;
mod meeting_view;
pub mod policy;
mod release_round_results;
mod rows;
pub mod status;
mod store;
mod transition_funding_round;
mod update_funding_round;
mod view;

pub use rows::{PanelMeetingRow, RoundExtensionRow, RoundRow};
pub use status::{LIFECYCLE as ROUND_LIFECYCLE, RoundCommand, RoundStatus};
pub use store::{find_meeting, find_round};
pub use view::{AnchorView, CriterionView};

use crate::platform::web::{Operation, operations};

/// Its operations.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_funding_rounds: list_funding_rounds;
        create_funding_round: create_funding_round;
        get_funding_round: get_funding_round;
        get_funding_round_actions: get_funding_round_actions;
        update_funding_round: update_funding_round;
        transition_funding_round: transition_funding_round;
        allocate_to_round: allocate_to_round;
        extend_funding_round: extend_funding_round;
        list_round_extensions: list_round_extensions;
        list_panel_meetings: list_panel_meetings;
        create_panel_meeting: create_panel_meeting;
        get_panel_meeting: get_panel_meeting;
        release_round_results: release_round_results;
    }
}
