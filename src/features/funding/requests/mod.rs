//! Funding requests: what the owner of a pilot asks a round for, its way through eligibility, and its history.

mod access;
mod actions;
mod advance;
mod announced;
mod check_eligibility;
pub mod content;
mod create_funding_request;
mod delete_funding_request;
mod eligibility;
mod facts;
mod get_funding_request;
mod get_funding_request_actions;
mod guards;
mod joining;
mod list_eligibility_results;
mod list_funding_request_transitions;
mod list_funding_requests;
mod list_pilot_funding_requests;
mod rows;
pub mod status;
pub mod told;
mod transition_funding_request;
mod update_funding_request;
mod view;

pub use access::{SeenRequest, see_request, stand_to_request};
pub use advance::{By, advance, save};
pub use announced::{announce, handed_in, requests_announced, results_announced};
pub use joining::{joining_obstacle, would_be_barred};
pub use rows::{EligibilityResultRow, FundingRequestRow, RequestTransitionRow};
pub use status::{RequestMove, RequestStatus};
pub use view::{FundingRequestView, reply, show};

use crate::platform::web::{Operation, operations};

/// `/v1/funding-requests`, and of a pilot `…/funding-requests`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_pilot_funding_requests: list_pilot_funding_requests;
        create_funding_request: create_funding_request;
        list_funding_requests: list_funding_requests;
        get_funding_request: get_funding_request;
        update_funding_request: update_funding_request;
        delete_funding_request: delete_funding_request;
        get_funding_request_actions: get_funding_request_actions;
        list_funding_request_transitions: list_funding_request_transitions;
        transition_funding_request: transition_funding_request;
        list_eligibility_results: list_eligibility_results;
        check_eligibility: check_eligibility;
    }
}
