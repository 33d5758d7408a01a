//! The slices, one folder each. A slice owns its routes, requests, views, rows and rules; slices meet only through
//! what a `mod.rs` exports.

pub mod attachments;
pub mod audit_log;
pub mod gates;
pub mod identity;
pub mod imports;
pub mod permissions;
pub mod pilots;
pub mod plans;
pub mod reference;
pub mod system;
pub mod tcv;

use crate::platform::{clock::Clock, db::DbConnection, error::AppError, web::Operation};

/// Every operation of the API.
pub fn operations() -> Vec<Operation> {
    let slices = [
        system::operations(),
        identity::operations(),
        reference::operations(),
        pilots::operations(),
        plans::operations(),
        tcv::operations(),
        gates::operations(),
        audit_log::operations(),
        attachments::operations(),
        imports::operations(),
    ];
    slices.into_iter().flatten().collect()
}

/// Every condition of both gates, in the order in which they are shown.
pub const GATE_CONDITIONS: &[&dyn gates::Condition] = &[
    &tcv::TcvBaseline,
    &plans::PlanSubmitted,
    &gates::Team,
    &plans::MilestonesDone,
    &tcv::TcvEndline,
    &plans::Lessons,
    &plans::PublicSummary,
];

/// Everything that files hang on.
pub const ATTACHMENT_PARENTS: &[&dyn attachments::AttachmentParent] =
    &[&pilots::PilotFiles, &plans::PlanFiles, &tcv::MeasurementFiles];

/// Fills in the lists that come with the program, after every migration; what administrators changed stays.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    reference::seed(connection, clock)
}
