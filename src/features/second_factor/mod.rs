//! The second factor of a login: a code that an app on the person's phone shows (TOTP, RFC 6238), or one of ten recovery
//! codes. The secret is stored sealed, recovery codes as keyed digests, and no code is accepted twice.

mod begin_second_factor;
mod confirm_second_factor;
mod disable_second_factor;
mod get_second_factor;
mod proof;
mod recovery_codes;
mod regenerate_recovery_codes;
mod reset_second_factor;
mod store;
mod totp;

pub use proof::check_password;
pub use store::{use_code, wipe};

use crate::platform::web::{Operation, operations};

/// `/v1/me/second-factor` and what an administrator can do to someone else's.
pub fn operations() -> Vec<Operation> {
    operations! {
        get_second_factor: get_second_factor;
        begin_second_factor: begin_second_factor;
        confirm_second_factor: confirm_second_factor;
        disable_second_factor: disable_second_factor;
        regenerate_recovery_codes: regenerate_recovery_codes;
        reset_second_factor: reset_second_factor;
    }
}
