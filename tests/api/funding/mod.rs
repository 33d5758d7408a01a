//! Money for pilots. A file a subject, as under `src/features/funding/`.

mod books;
mod funds;
mod ledger;
pub mod matrix;
mod open_data;
mod rounds;
