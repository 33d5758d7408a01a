//! The feed of changes: everything that happened, in the order in which it was sealed, for whoever keeps a copy. Each
//! reader is told of what they may see now, and of nothing else; webhooks carry the same lines.

mod audience;
mod feed;
mod list_changes;
mod record_kind;

pub use audience::{Audience, Disclosure, OpenRecords};
pub use feed::{ChangeRow, ChangeView, Told, head_position, load, tell};
pub use record_kind::RecordKind;

use crate::platform::web::{Operation, operations};

/// `/v1/changes`.
pub fn operations() -> Vec<Operation> {
    operations! { list_changes: list_changes }
}
