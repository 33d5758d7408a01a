//! Reviews: who scores a request, free of conflicts and blind to the others, and what the scores come to.

mod access;
mod assign_reviewer;
pub mod content;
mod get_funding_review;
mod guards;
mod rows;
mod score;
pub mod status;
mod ties;
mod transition_funding_review;
mod update_funding_review;
mod view;

pub use rows::FundingReviewRow;
pub use score::Outcome;
pub use status::{ReviewCommand, ReviewStatus};

use crate::platform::web::{Operation, operations};

/// `/v1/funding-requests/{request_id}/reviews`, `/v1/funding-reviews`.
pub fn operations() -> Vec<Operation> {
    operations! {
        assign_reviewer: assign_reviewer;
        get_funding_review: get_funding_review;
        update_funding_review: update_funding_review;
        transition_funding_review: transition_funding_review;
    }
}
