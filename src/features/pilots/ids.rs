//! Identifiers of this slice.

use crate::platform::ids::id_types;

id_types! {
    /// A pilot.
    PilotId;
    /// A line of a pilot's history.
    TransitionId;
}
