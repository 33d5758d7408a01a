//! What an API key may be used for: reading or writing what stands under one tag of the OpenAPI document. A key can
//! never do more than its owner; scopes only narrow that down.

use utoipa::{PartialSchema, ToSchema, openapi};

use super::{Actor, Permission, Via, Who};
use crate::platform::error::{AppError, ErrorCode};

/// Tags under which keys may only read: who someone is, what they may do, and the keys themselves are for people.
const PERSONAL: &[&str] = &["Identity", "Users", "Service accounts"];

/// A scope by its name, such as `pilots:read`. Which there are is written into the published schema from the
/// operations, see `documentation`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Scope(pub String);

impl PartialSchema for Scope {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            .description(Some("What a service account may do."))
            .max_length(Some(60))
            .build()
            .into()
    }
}

impl ToSchema for Scope {}

/// What an operation asks of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeNeed {
    /// Nothing: anyone may do it without a login.
    None,
    /// This scope.
    Scope(String),
    /// No key will do.
    Person,
}

impl ScopeNeed {
    /// Of an operation, from its tag, its method and its lines of the permission table.
    pub fn of(tag: &str, is_read: bool, permissions: &[Permission]) -> Self {
        let mut who = permissions.iter().flat_map(|permission| permission.allowed);
        if who.all(|who| *who == Who::Anyone) {
            return Self::None;
        }
        if PERSONAL.contains(&tag) && !is_read {
            return Self::Person;
        }
        let subject: String =
            tag.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        Self::Scope(format!("{subject}:{}", if is_read { "read" } else { "write" }))
    }

    /// Whether a key with these scopes may do it.
    pub fn is_met_by(&self, scopes: &[String]) -> bool {
        match self {
            Self::None => true,
            Self::Person => false,
            Self::Scope(needed) => scopes.contains(needed),
        }
    }

    /// Lets an actor through whose key has the scope, and every person.
    ///
    /// # Errors
    /// `InsufficientScope` naming the missing one; `PersonRequired`.
    pub fn check(&self, actor: &Actor) -> Result<(), AppError> {
        let Via::Key { scopes, .. } = &actor.via else { return Ok(()) };
        if self.is_met_by(scopes) {
            return Ok(());
        }
        match self {
            Self::None => Ok(()),
            Self::Person => Err(AppError::new(ErrorCode::PersonRequired)),
            Self::Scope(needed) => Err(AppError::new(ErrorCode::InsufficientScope).detail(
                format!("This needs the scope {needed}, which the service account does not have."),
                format!("এর জন্য {needed} স্কোপ প্রয়োজন, যা সার্ভিস অ্যাকাউন্টটির নেই।"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: &[Permission] = &[Permission { action: "a", allowed: &[Who::Anyone], unless: &[] }];
    const KNOWN: &[Permission] = &[Permission { action: "a", allowed: &[Who::Anyone, Who::LoggedIn], unless: &[] }];

    #[test]
    fn scopes_follow_tag_and_method() {
        assert_eq!(ScopeNeed::of("Reference", true, OPEN), ScopeNeed::None);
        assert_eq!(ScopeNeed::of("Pilots", true, KNOWN), ScopeNeed::Scope("pilots:read".into()));
        assert_eq!(ScopeNeed::of("Service accounts", true, KNOWN), ScopeNeed::Scope("service_accounts:read".into()));
        assert_eq!(ScopeNeed::of("TCV", false, KNOWN), ScopeNeed::Scope("tcv:write".into()));
        assert_eq!(ScopeNeed::of("Users", false, KNOWN), ScopeNeed::Person);
    }
}
