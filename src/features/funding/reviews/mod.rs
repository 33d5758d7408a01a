//! Reviews: who scores a request, free of conflicts and blind to the others, and what the scores come to.

mod access;
mod assign_reviewer;
pub mod content;
mod get_funding_review;
mod get_funding_review_actions;
mod get_review_summary;
mod guards;
mod list_funding_reviews;
mod list_my_funding_reviews;
mod list_reviewers;
mod offices;
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

/// `…/reviews` and `…/review-summary` of a funding request, `/v1/funding-reviews`, `/v1/reviewers`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_funding_reviews: list_funding_reviews;
        assign_reviewer: assign_reviewer;
        list_my_funding_reviews: list_my_funding_reviews;
        get_funding_review: get_funding_review;
        get_funding_review_actions: get_funding_review_actions;
        update_funding_review: update_funding_review;
        transition_funding_review: transition_funding_review;
        list_reviewers: list_reviewers;
        get_review_summary: get_review_summary;
    }
}
