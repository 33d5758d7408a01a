//! Who is calling, and what they may do.

mod actor;
mod api_keys;
mod keys;
mod password;
mod permission;
mod reach;
mod role;
mod scope;
mod sessions;
mod token;
mod vault;

pub use actor::{Actor, Credential, Via};
pub use api_keys::{ApiKeys, NewKey};
pub use keys::KeyRing;
pub use password::{Passwords, hash_now, weaknesses};
pub use permission::{FundingPart, Permission, Standing, Unless, Who, bar_name, can, may, may_call, name};
pub use reach::{LineScopes, Reach};
pub use role::{Role, RoleSet};
pub use scope::{Scope, ScopeNeed};
pub use sessions::Sessions;
pub use token::{ACCESS_SECONDS, Claims, TokenService};
pub use vault::Vault;
