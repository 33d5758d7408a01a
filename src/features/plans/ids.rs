//! Identifiers of this slice.

use crate::platform::ids::id_types;

id_types! {
    /// A version of a pilot's plan.
    PlanId;
    /// A milestone of a plan version.
    MilestoneId;
}
