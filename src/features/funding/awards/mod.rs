//! Decisions on a request: recommendation, award, decline, waitlist, lapse; and what is public of awards.

mod actions;
mod amounts;
mod decide_funding_request;
mod decisions;
mod freeing;
mod lapse_funding_request;
mod list_funding_decisions;
mod panel;
mod recommend_funding_request;
mod view;

pub use actions::{DecisionAction, allowed_actions, second_approver_obstacle, unmet};
pub use decisions::{DECISIONS, amounts_of};
pub use freeing::{move_up, release_commitment, release_reservation};

use crate::platform::web::{Operation, operations};

/// `…/recommendation`, `…/decisions` and `…/lapse` of a funding request.
pub fn operations() -> Vec<Operation> {
    operations! {
        recommend_funding_request: recommend_funding_request;
        decide_funding_request: decide_funding_request;
        lapse_funding_request: lapse_funding_request;
        list_funding_decisions: list_funding_decisions;
    }
}
