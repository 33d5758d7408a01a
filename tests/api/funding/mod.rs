//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod actions;
mod awards;
pub mod books;
mod closing;
mod funds;
mod histories;
mod ledger;
pub mod matrix;
mod open_data;
mod reports;
mod requests;
mod reviews;
mod rounds;
mod sources;
mod tasks;
mod tranches;
