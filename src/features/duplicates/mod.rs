//! Pilots that may be one and the same: looked for when a pilot is handed in, offered to its team and to the officer
//! who screens it, and decided upon before it is accepted.
//!
//! `words` makes texts comparable, `profile` is what is compared of a pilot, `shingles` are the digests by which an index
//! finds the few pilots worth comparing, `score` compares two of them exactly. The rest is the record of it.

mod clear;
mod comparison;
mod decisions;
mod get_duplicate;
mod get_duplicate_actions;
mod list_pilot_duplicates;
mod neighbours;
mod profile;
mod rows;
mod score;
mod shingles;
mod status;
mod transition_duplicate;
mod view;
mod words;

pub use clear::Clear;
pub use comparison::Comparison;
pub use neighbours::{MOST_PER_SHINGLE, neighbours};
pub use rows::{DuplicateId, dismissed_between};
pub use status::LIFECYCLE as DUPLICATE_LIFECYCLE;
pub use view::{PossibleDuplicateView, offered};

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/duplicates`, `/v1/duplicates`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_pilot_duplicates: list_pilot_duplicates;
        get_duplicate: get_duplicate;
        get_duplicate_actions: get_duplicate_actions;
        transition_duplicate: transition_duplicate;
    }
}
