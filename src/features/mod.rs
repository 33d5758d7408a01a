//! The slices, one folder each. A slice owns its routes, requests, views, rows and rules; slices meet only through
//! what a `mod.rs` exports.

pub mod audit_log;
pub mod discussion;
pub mod duplicates;
pub mod gates;
pub mod handovers;
pub mod identity;
pub mod permissions;
pub mod pilots;
pub mod plans;
pub mod reference;
pub mod system;
pub mod tcv;
pub mod timeline;

use crate::platform::{clock::Clock, db::DbConnection, error::AppError, web::Operation};

/// Every operation of the API.
pub fn operations() -> Vec<Operation> {
    let slices = [
        system::operations(),
        identity::operations(),
        reference::operations(),
        pilots::operations(),
        discussion::operations(),
        duplicates::operations(),
        handovers::operations(),
        timeline::operations(),
        plans::operations(),
        tcv::operations(),
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
    &duplicates::Clear,
    &plans::MilestonesDone,
    &tcv::TcvEndline,
    &plans::Lessons,
    &plans::PublicSummary,
];

/// What follows when a pilot moves, in this order.
pub const PILOT_FOLLOWERS: &[&dyn pilots::Follower] =
    &[&duplicates::Comparison, &discussion::Merging, &gates::ProposalsClose, &handovers::OffersClose];

/// What the timeline of a pilot is put together from.
pub const TIMELINE_SOURCES: &[&dyn timeline::Source] = &[
    &timeline::Transitions,
    &timeline::Merges,
    &timeline::PlansSubmitted,
    &timeline::PlansLocked,
    &timeline::GateDecisionsTaken,
    &timeline::GateDecisionsAnswered,
    &timeline::MeasurementsSubmitted,
    &timeline::MeasurementsVerified,
    &timeline::TeamChanges,
    &timeline::HandoversOffered,
    &timeline::HandoversAnswered,
];

/// Fills in the lists that come with the program, after every migration; what administrators changed stays.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    reference::seed(connection, clock)
}
