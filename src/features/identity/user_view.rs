//! How administrators and auditors see an account.

use serde::Serialize;
use utoipa::ToSchema;

use super::{accounts::Account, rows::UserStatus, user_lifecycle::UserCommand};
use crate::platform::{
    auth::Role,
    clock::Timestamp,
    ids::{OrganisationId, UserId},
    text::{Language, LocalizedText},
};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    /// Its identifier.
    pub id: UserId,
    /// The login.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// What people call them.
    pub name: LocalizedText,
    /// Their post; both languages may be null.
    pub designation: LocalizedText,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    pub language: Language,
    /// What they are in the programme.
    #[schema(max_items = 11)]
    pub roles: Vec<Role>,
    /// Whether the account can be used.
    pub status: UserStatus,
    /// The reason that was given when the status last changed.
    #[schema(max_length = 2000)]
    pub status_reason: Option<String>,
    /// Nothing but changing the password is possible until that is done.
    pub must_change_password: bool,
    /// Whether a login needs a code besides the password.
    pub has_second_factor: bool,
    /// What the caller may do to its status.
    #[schema(max_items = 2)]
    pub allowed_actions: Vec<UserCommand>,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl UserView {
    /// Of an account, for a caller who may do this to it.
    pub fn new(Account { user, roles }: Account, allowed_actions: Vec<UserCommand>) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: LocalizedText::new(user.name_bn, user.name_en),
            designation: LocalizedText::new(user.designation_bn, user.designation_en),
            organisation_id: user.organisation_id,
            language: user.language,
            roles,
            status: user.status,
            status_reason: user.status_reason,
            must_change_password: user.must_change_password,
            has_second_factor: user.second_factor_at.is_some(),
            allowed_actions,
            version: user.version,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// An account together with the password that was made for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "email": "officer@demo.innovation.gov.bd",
    "name": {"bn": "রহিমা খাতুন", "en": "Rahima Khatun"}, "designation": {"bn": null, "en": "Programme Officer"},
    "organisation_id": null, "language": "bn", "roles": ["programme_officer"], "status": "active",
    "status_reason": null, "must_change_password": true, "has_second_factor": false, "allowed_actions": ["disable"], "version": 1,
    "created_at": "2026-07-01T04:30:00.000Z", "updated_at": "2026-07-01T04:30:00.000Z",
    "temporary_password": "mJ3xQ0w1Zc9uTq4B"
}))]
pub struct UserWithPasswordView {
    /// The account.
    #[serde(flatten)]
    pub user: UserView,
    /// Shown this once, to be handed over and changed at the first login; null if the request named one, and for a
    /// retry of the request.
    #[schema(max_length = 200)]
    pub temporary_password: Option<String>,
}
