//! Everything that happened to a pilot, in one list.
//!
//! A timeline is a merge of index ranges, as the list of pilots is: each [`Source`] reads a page of one kind of entry in
//! the order of time, and the pages are merged. A new kind of entry is a new source, named in `TIMELINE_SOURCES` of
//! `features/mod.rs`.

mod entry;
mod get_pilot_timeline;
mod source;
mod sources;

pub use entry::{Entry, EntryKind};
pub use get_pilot_timeline::merge;
pub use source::{Range, Source, Viewpoint};
pub use sources::{
    gates::{GateDecisionsAnswered, GateDecisionsTaken},
    handovers::{HandoversAnswered, HandoversOffered},
    measurements::{MeasurementsSubmitted, MeasurementsVerified},
    plans::{PlansLocked, PlansSubmitted},
    team::TeamChanges,
    transitions::{Merges, Transitions},
};

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/timeline`.
pub fn operations() -> Vec<Operation> {
    operations! {
        get_pilot_timeline: get_pilot_timeline;
    }
}
