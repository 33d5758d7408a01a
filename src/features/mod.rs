//! The slices, one folder each. A slice owns its routes, requests, views, rows and rules; slices meet only through
//! what a `mod.rs` exports.

pub mod audit_log;
pub mod gates;
pub mod identity;
pub mod impact;
pub mod permissions;
pub mod pilots;
pub mod plans;
pub mod reference;
pub mod system;
pub mod tcv;

use crate::platform::{
    clock::Clock,
    db::{DbConnection, in_one_transaction},
    error::AppError,
    web::{Operation, Tx},
};

/// Every operation of the API.
pub fn operations() -> Vec<Operation> {
    let slices = [
        system::operations(),
        identity::operations(),
        reference::operations(),
        pilots::operations(),
        plans::operations(),
        tcv::operations(),
        impact::operations(),
        gates::operations(),
        audit_log::operations(),
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

/// Tells the slices that follow pilots that one has changed, in the transaction of the change.
///
/// # Errors
/// Those of the database.
pub fn pilot_changed(tx: &mut Tx<'_>, before: &pilots::PilotRow, after: &pilots::PilotRow) -> Result<(), AppError> {
    if impact::concerns_effects(before, after) {
        impact::follow_pilot(tx.conn, after, tx.now.day_in_dhaka())?;
    }
    Ok(())
}

/// Fills in the lists that come with the program, after every migration; what administrators changed stays.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    reference::seed(connection, clock)?;
    in_one_transaction(connection, impact::rebuild_if_empty)
}
