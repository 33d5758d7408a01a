//! What every record of a payment has to fulfil.

use chrono::NaiveDate;

use super::access::SeenTranche;
use crate::{
    features::funding::ledger::Subject,
    platform::error::{AppError, FieldError},
};

/// Makes sure that the day of a payment has come, and is not before what it is for.
///
/// # Errors
/// `ValidationFailed`.
pub fn check_day(paid_on: NaiveDate, today: NaiveDate, earliest: Option<NaiveDate>) -> Result<(), AppError> {
    let error = if paid_on > today {
        FieldError::body("/paid_on", "in_the_future", "This day is still to come.", "এই দিনটি এখনো আসেনি।")
    } else if earliest.is_some_and(|earliest| paid_on < earliest) {
        FieldError::body(
            "/paid_on",
            "too_early",
            "This day is before what the payment is for.",
            "যে কারণে পরিশোধ, এই দিনটি তার আগের।",
        )
    } else {
        return Ok(());
    };
    Err(AppError::validation(vec![error]))
}

/// What a line of the ledger about a tranche is about.
pub fn subject(seen: &SeenTranche) -> Subject {
    let row = &seen.agreement.seen.row;
    Subject::Tranche(row.fund_id, row.round_id, row.id, seen.account.tranche.id)
}
