//! Identifiers of this slice.

use crate::platform::ids::id_types;

id_types! {
    /// How often a service was used in a year, as it was recorded once.
    VolumeId;
    /// What an hour was worth in a year, as it was recorded once.
    ValueOfTimeId;
    /// How the pilots of a service shared it, as it was recorded once.
    AttributionId;
}
