//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod awards;
mod histories;
mod ledger;
pub mod matrix;
mod reports;
mod requests;
mod reviews;
mod sources;
mod tasks;
mod tranches;
