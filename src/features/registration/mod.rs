//! What is proven by a letter: that an address is one's own, to come by an account or by a new password.
//!
//! No answer tells whether an address has an account. A request only stores what was asked and queues a message; who is
//! behind the address is looked up afterwards, when the letter is written, so that not even the time it takes tells.
//! The token in a letter is derived from the letter's id by a key outside the database (`Vault::letter_token`), so it
//! stands in the letter and nowhere else: the outbox holds an id, the database a SHA-256.
//!
//! What is done to the security of an account is told to its holder by a letter too: see `notices.rs`.

mod address;
mod confirm_password_reset;
mod confirm_registration;
mod get_registration_rules;
mod letters;
mod notices;
mod register;
mod request_password_reset;
mod resend_registration;
mod store;
mod texts;

pub use letters::AccountLetters;
pub use notices::{AccountEvent, tell_holder};
pub use store::purge;

use crate::platform::web::{Operation, operations};

/// `/v1/auth/registrations`, `/v1/auth/password-resets`.
pub fn operations() -> Vec<Operation> {
    operations! {
        get_registration_rules: get_registration_rules;
        register: register;
        resend_registration: resend_registration;
        confirm_registration: confirm_registration;
        request_password_reset: request_password_reset;
        confirm_password_reset: confirm_password_reset;
    }
}
