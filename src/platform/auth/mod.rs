//! Who is calling, and what they may do.

mod actor;
mod keys;
mod password;
mod permission;
mod role;
mod sessions;
mod token;

pub use actor::{Actor, Credential};
pub use keys::KeyRing;
pub use password::{Passwords, hash_now, weaknesses};
pub use permission::{Permission, Standing, Unless, Who, bar_name, can, may_call, name};
pub use role::{Role, RoleSet};
pub use sessions::Sessions;
pub use token::{ACCESS_SECONDS, Claims, TokenService};
