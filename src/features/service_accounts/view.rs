//! How service accounts and keys are shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::standing,
    rows::{ApiKeyRow, ServiceAccountRow},
    status::{LIFECYCLE, ServiceAccountCommand, ServiceAccountStatus},
};
use crate::{
    features::actions::Action,
    platform::{
        auth::{Actor, Scope, Standing},
        clock::Timestamp,
        ids::{ApiKeyId, ServiceAccountId, UserId},
        lifecycle::next,
    },
};

/// A program that acts for a person.
#[derive(Serialize, ToSchema)]
pub struct ServiceAccountView {
    /// Its identifier.
    pub id: ServiceAccountId,
    /// For whom its keys act.
    pub owner_id: UserId,
    /// What the owner tells it by.
    #[schema(max_length = 100)]
    pub name: String,
    /// What its keys may be used for.
    #[schema(max_items = 60)]
    pub scopes: Vec<Scope>,
    /// Its last day in Dhaka.
    pub ends_on: NaiveDate,
    /// Whether it can be used.
    pub status: ServiceAccountStatus,
    /// Why it was revoked.
    #[schema(max_length = 2000)]
    pub status_reason: Option<String>,
    /// What the caller may do to its status.
    #[schema(max_items = 1)]
    pub allowed_actions: Vec<ServiceAccountCommand>,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What may be done to a service account by a caller of this standing.
pub fn action(command: ServiceAccountCommand, row: &ServiceAccountRow, standing: &Standing) -> Action {
    Action::new(command.as_str(), command.permission(), standing, next(LIFECYCLE, row.status, command).err())
}

impl ServiceAccountView {
    /// For this caller.
    pub fn new(row: ServiceAccountRow, actor: &Actor) -> Self {
        let standing = standing(actor, &row);
        let open = |command: &ServiceAccountCommand| action(*command, &row, &standing).is_open();
        Self {
            allowed_actions: ServiceAccountCommand::ALL.iter().copied().filter(open).collect(),
            id: row.id,
            owner_id: row.owner_id,
            name: row.name,
            scopes: row.scopes.iter().cloned().map(Scope).collect(),
            ends_on: row.ends_on,
            status: row.status,
            status_reason: row.status_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A key, of which only the beginning is known.
#[derive(Clone, Serialize, ToSchema)]
pub struct ApiKeyView {
    /// Its identifier.
    pub id: ApiKeyId,
    /// Whose it is.
    pub service_account_id: ServiceAccountId,
    /// How it begins.
    #[schema(max_length = 20, example = "ipk_q7Vx0m1c")]
    pub prefix: String,
    /// Its last day in Dhaka.
    pub expires_on: NaiveDate,
    /// When it was last used, to about a minute; null: never.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked; null: it was not.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<ApiKeyRow> for ApiKeyView {
    fn from(row: ApiKeyRow) -> Self {
        Self {
            id: row.id,
            service_account_id: row.service_account_id,
            prefix: row.prefix,
            expires_on: row.expires_on,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
            created_at: row.created_at,
        }
    }
}

/// A key together with its text.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "service_account_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e",
    "prefix": "ipk_q7Vx0m1c", "expires_on": "2027-06-30", "last_used_at": null, "revoked_at": null,
    "created_at": "2026-07-01T04:30:00.000Z", "key": "ipk_q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE"
}))]
pub struct NewApiKeyView {
    /// The key.
    #[serde(flatten)]
    pub api_key: ApiKeyView,
    /// Shown this once, to be sent as `Authorization: Bearer …`; null for a retry of the request.
    #[schema(max_length = 200)]
    pub key: Option<String>,
}
