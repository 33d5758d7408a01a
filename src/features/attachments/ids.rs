//! Identifiers of this slice.

use crate::platform::ids::id_types;

id_types! {
    /// A file on a record.
    AttachmentId;
}
