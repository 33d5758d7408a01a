//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod awards;
mod histories;
mod ledger;
pub mod matrix;
mod reviews;
mod tasks;
mod reports;
mod tranches;
