//! Local funding sources of a pilot: what others give besides the fund; and what gate 1 asks of its money.

mod access;
mod content;
mod declare_funding_source;
mod follows;
mod funded;
mod get_funding_source;
mod get_funding_source_actions;
mod guards;
mod list_funding_sources;
mod rows;
pub mod status;
mod transition_funding_source;
mod update_funding_source;
mod view;

pub use follows::SourcesFollow;
pub use funded::Funded;
pub use rows::FundingSourceRow;
pub use status::{SourceCommand, SourceKind, SourceStatus};

use crate::platform::web::{Operation, operations};

/// `/v1/funding-sources`, and of a pilot `…/funding-sources`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_funding_sources: list_funding_sources;
        declare_funding_source: declare_funding_source;
        get_funding_source: get_funding_source;
        get_funding_source_actions: get_funding_source_actions;
        update_funding_source: update_funding_source;
        transition_funding_source: transition_funding_source;
    }
}
