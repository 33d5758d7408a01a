//! What waits for the caller, in one list.
//!
//! Each [`TaskSource`] answers one question of one kind of record with one statement, which reads a range of an index and
//! stops after fifty. A new kind of task is a new source, named in `TASK_SOURCES` of `features/mod.rs`. What separation of
//! duties bars someone from is not offered to them: the statements carry the bars of the permission table.

mod bars;
mod list_my_tasks;
mod source;
mod sources;
mod task;

pub use source::{MOST, TaskSource, Viewer};
pub use sources::{
    funding_sources::FundingSourcesToConfirm,
    gates::GateProposals,
    handovers::HandoversOffered,
    pilots::{PilotsSentBack, PilotsToScreen, ScreeningsToFinish, ScreeningsToTakeOver},
    reports::{ReportsToAccept, ReportsToCheck, ReportsToWrite},
    requests::{AgreementsToSign, RequestsAtFund, RequestsSentBack},
    reviews::Reviews,
    tranches::{TranchesToApprove, TranchesToAskFor, TranchesToPay},
};
pub use task::{Task, TaskKind};

use crate::platform::web::{Operation, operations};

/// `/v1/me/tasks`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_my_tasks: list_my_tasks;
    }
}
