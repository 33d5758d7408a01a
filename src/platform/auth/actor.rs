//! The person behind a request.

use super::RoleSet;
use crate::platform::{
    clock::Timestamp,
    ids::{OrganisationId, SessionId, UserId},
};

/// By what a caller proved who they are, and so what their requests are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A login of this account; all logins of one account share.
    Account(UserId),
    /// A key of a service account; each key for itself.
    Key(uuid::Uuid),
}

/// A logged-in person, as their session stood within the last second.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub user_id: UserId,
    /// By which login.
    pub session_id: SessionId,
    /// What they are in the programme.
    pub roles: RoleSet,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// When they last proved who they are; money steps will ask for a recent one.
    pub authenticated_at: Timestamp,
    /// Their password was set by someone else and has to be changed first.
    pub must_change_password: bool,
}

impl Actor {
    /// What the requests of this caller are counted by.
    pub const fn credential(&self) -> Credential {
        Credential::Account(self.user_id)
    }
}
