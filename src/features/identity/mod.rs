//! Who people are: login and sessions, one's own account, and users and roles for administrators.

mod accounts;
mod back_off;
mod login;
pub mod rows;
mod session_store;

use crate::platform::web::{Operation, operations};

/// `/v1/auth/…`, `/v1/me`, `/v1/people`, `/v1/users`.
pub fn operations() -> Vec<Operation> {
    operations! { login: login }
}
