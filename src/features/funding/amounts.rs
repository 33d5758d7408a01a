//! The one rule that amounts have in common.

use validator::ValidationError;

use crate::platform::{
    money::MoneyInput,
    web::body::{broken_rule, minimum, of_part},
};

/// Money that moves, or is asked for, is more than nothing.
///
/// # Errors
/// `minimum`.
pub fn more_than_nothing(amount: &MoneyInput) -> Result<(), ValidationError> {
    if amount.poisha() > 0 {
        return Ok(());
    }
    Err(of_part(
        "amount",
        minimum("0.01", broken_rule("minimum", "This must be at least 0.01.|এটি অন্তত 0.01 হতে হবে।")),
    ))
}
