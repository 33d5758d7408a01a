//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod histories;
mod ledger;
pub mod matrix;
