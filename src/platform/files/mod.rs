//! Files: where they lie until they are checked, the object store they end up in, and what is let in.
//!
//! A file that comes in is spooled to disk, never held whole in memory; [`recognise`] looks at it there; then it goes
//! to the store in parts. Keys are ours; what a person calls a file is only ever a column.

mod archive;
mod kinds;
mod names;
mod pdf;
mod store;

pub use kinds::{FileKind, KINDS, recognise};
pub use names::{clean_name, content_disposition};
pub use store::{Files, StoredObject};
