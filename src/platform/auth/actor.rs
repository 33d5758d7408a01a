//! The person behind a request.

use std::sync::Arc;

use super::{Reach, RoleSet};
use crate::platform::{
    clock::Timestamp,
    error::{AppError, ErrorCode},
    ids::{OrganisationId, ServiceAccountId, SessionId, UserId},
    text::LocalizedText,
};

/// By what a caller proved who they are, and so what their requests are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A login of this account; all logins of one account share.
    Account(UserId),
    /// The keys of this service account.
    ServiceAccount(ServiceAccountId),
}

/// A logged-in person, as their session stood within the last second; or a program that acts for them by a key.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who. For a key its owner, so that the separation of duties sees the same person.
    pub user_id: UserId,
    /// By which login or key.
    pub via: Via,
    /// What they are in the programme.
    pub roles: RoleSet,
    /// What of that the credential lets through: everything for a person, what its scopes name for a key.
    pub reach: Reach,
    /// What they are called.
    pub name: Arc<LocalizedText>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// When they last proved who they are; money steps will ask for a recent one. A key never did.
    pub authenticated_at: Timestamp,
    /// Their password was set by someone else and has to be changed first.
    pub must_change_password: bool,
    /// A login of theirs needs a code besides the password.
    pub has_second_factor: bool,
    /// The moment of this request, for what is theirs for a time only.
    pub at: Timestamp,
}

/// What a request showed to be let in.
#[derive(Clone, Debug)]
pub enum Via {
    /// An access token of this login.
    Session(SessionId),
    /// An API key of this service account.
    Key {
        /// Whose key it is.
        service_account_id: ServiceAccountId,
        /// What it may be used for.
        scopes: Arc<[String]>,
    },
}

impl Actor {
    /// The login.
    ///
    /// # Errors
    /// `PersonRequired` for a key, which has none.
    pub fn session_id(&self) -> Result<SessionId, AppError> {
        match self.via {
            Via::Session(id) => Ok(id),
            Via::Key { .. } => Err(AppError::new(ErrorCode::PersonRequired)),
        }
    }

    /// The service account in whose hands the key is; `None` for the person.
    pub fn service_account_id(&self) -> Option<ServiceAccountId> {
        match self.via {
            Via::Session(_) => None,
            Via::Key { service_account_id, .. } => Some(service_account_id),
        }
    }

    /// What the requests of this caller are counted by.
    pub fn credential(&self) -> Credential {
        self.service_account_id().map_or(Credential::Account(self.user_id), Credential::ServiceAccount)
    }
}
