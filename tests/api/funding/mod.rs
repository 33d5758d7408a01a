//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod actions;
mod after_completion;
mod at_once;
mod awards;
pub mod books;
mod closing;
mod followers;
mod funds;
mod gate_two;
mod histories;
mod ledger;
pub mod matrix;
mod milestones;
mod money_tasks;
mod open_data;
mod record_actions;
mod reports;
mod requests;
mod reviews;
mod rounds;
mod sources;
mod stakes;
mod suspensions;
mod tasks;
mod tranches;
