//! Handing a pilot over: officers are transferred often, and their pilots stay. The owner, or an officer on behalf of an
//! owner who has left, offers; the receiver accepts; nothing but the owner changes.

mod get_handover;
mod get_handover_actions;
mod guards;
mod letters;
mod list_handovers;
mod list_pilot_handovers;
mod offer_handover;
mod offers_close;
mod rows;
mod status;
mod texts;
mod transition_handover;
mod view;

pub use letters::HandoverLetters;
pub use offers_close::OffersClose;
pub use rows::HandoverId;
pub use status::{HandoverStatus, LIFECYCLE as HANDOVER_LIFECYCLE};

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/handovers`, `/v1/handovers`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_pilot_handovers: list_pilot_handovers;
        offer_handover: offer_handover;
        list_handovers: list_handovers;
        get_handover: get_handover;
        get_handover_actions: get_handover_actions;
        transition_handover: transition_handover;
    }
}
