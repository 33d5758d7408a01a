//! The slices, one folder each. A slice owns its routes, requests, views, rows and rules; slices meet only through
//! what a `mod.rs` exports.

pub mod audit_log;
pub mod gates;
pub mod identity;
pub mod outbox;
pub mod permissions;
pub mod pilots;
pub mod plans;
pub mod reference;
pub mod registration;
pub mod second_factor;
pub mod service_accounts;
pub mod system;
pub mod tcv;

use crate::platform::{clock::Clock, db::DbConnection, error::AppError, outbox::Handler, web::Operation};

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
        outbox::operations(),
        registration::operations(),
        second_factor::operations(),
        service_accounts::operations(),
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

/// Who sends the messages of the outbox, one a topic.
pub const OUTBOX_HANDLERS: &[&dyn Handler] = &[&registration::AccountLetters];

/// Fills in the lists that come with the program, after every migration; what administrators changed stays.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    reference::seed(connection, clock)
}
