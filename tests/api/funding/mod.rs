//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod ledger;
pub mod matrix;
mod reports;
mod tranches;
