//! Agreements and tranches: the plan of an award, its payment part by part, what comes back, and how it ends.
//!
//! Reviewer, approver, requester and disburser of one request are four people: `requests::see_request` reads from the
//! history what the caller did, the permission table bars them. What is paid, accepted and back is summed from the ledger
//! (`account`), never kept twice.

mod access;
mod account;
mod actions;
mod close_funding_request;
mod disburse_tranche;
mod files;
mod follows;
mod gate_condition;
mod get_tranche;
mod get_tranche_actions;
mod guards;
mod list_tranche_transitions;
mod list_tranches;
mod payment;
mod record_payment_failure;
mod refund_tranche;
mod rows;
mod set_tranche_plan;
mod sign_agreement;
pub mod status;
mod store;
mod terminate_funding_request;
mod transition_tranche;
mod view;

pub use access::{Agreement, SeenTranche, see_agreement, see_tranche, sees_money};
pub use account::{Account, accounts};
pub use files::FundingRequestFiles;
pub use follows::RequestsFollow;
pub use gate_condition::MoneySettled;
pub use guards::{unmet_for_closure, unmet_for_plan, unmet_for_signature};
pub use rows::{TrancheRow, TrancheTransitionRow};
pub use sign_agreement::other_side_obstacle;
pub use status::{TrancheMove, TrancheStatus};
pub use store::{advance, cancel_unpaid, settle_if_it_adds_up};

use crate::platform::web::{Operation, operations};

/// `/v1/tranches`, and of a funding request `…/tranches`, `…/agreement-signatures`, `…/termination` and `…/closure`.
pub fn operations() -> Vec<Operation> {
    operations! {
        set_tranche_plan: set_tranche_plan;
        list_tranches: list_tranches;
        sign_agreement: sign_agreement;
        get_tranche: get_tranche;
        get_tranche_actions: get_tranche_actions;
        transition_tranche: transition_tranche;
        list_tranche_transitions: list_tranche_transitions;
        disburse_tranche: disburse_tranche;
        record_payment_failure: record_payment_failure;
        refund_tranche: refund_tranche;
        terminate_funding_request: terminate_funding_request;
        close_funding_request: close_funding_request;
    }
}
