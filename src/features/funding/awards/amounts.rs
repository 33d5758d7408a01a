//! How much may be recommended or awarded.

use crate::{
    features::funding::rounds::RoundRow,
    platform::{
        error::{FieldError, Place},
        money::Money,
        text::Bilingual,
    },
};

/// Why an amount cannot be given, by the pointer `/amount/amount`: every reason. `most` is what it may reach at most besides the
/// largest award of the round: what was requested, or what was recommended.
pub fn wrong_amount(amount: i64, most: i64, round: &RoundRow) -> Vec<FieldError> {
    let place = || Place::Body("/amount/amount".to_owned());
    let written = |poisha: i64| Money::from_poisha(poisha).amount;
    let too_much = |code, bound: i64| {
        let (en, bn) = (format!("At most {} taka.", written(bound)), format!("সর্বোচ্চ {} টাকা।", written(bound)));
        FieldError::new(place(), code, Bilingual::new(en, bn))
    };
    let smallest = round.smallest_award;
    let too_little = || {
        let (en, bn) = (format!("At least {} taka.", written(smallest)), format!("অন্তত {} টাকা।", written(smallest)));
        FieldError::new(place(), "below_smallest_award", Bilingual::new(en, bn))
    };
    [
        (amount > most).then(|| too_much("above_what_is_possible", most)),
        (amount > round.largest_award).then(|| too_much("above_largest_award", round.largest_award)),
        (amount < smallest).then(too_little),
    ]
    .into_iter()
    .flatten()
    .collect()
}
