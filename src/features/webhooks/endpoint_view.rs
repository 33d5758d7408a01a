//! An endpoint as its owner writes and sees it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{programs, standing},
    ids::WebhookEndpointId,
    rows::EndpointRow,
    status::{EndpointCommand, EndpointStatus, LIFECYCLE},
};
use crate::{
    features::{
        actions::{Action, as_conditions},
        changes::RecordKind,
    },
    platform::{
        auth::{Actor, Role, Standing},
        clock::Timestamp,
        db::DbConnection,
        error::{AppError, ErrorCode, FieldError},
        ids::{ServiceAccountId, UserId},
        lifecycle::next,
        outbound::{Outbound, Refused},
    },
};

/// Where to be told, and of what.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://receiver.example.org/pilots", "description": "District portal", "record_types": ["pilot"]}))]
pub struct WebhookEndpointInput {
    /// An https URL on the public internet.
    #[schema(min_length = 8, max_length = 500, pattern = r"^[!-~]+$")]
    pub url: String,
    /// What it is for.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub description: Option<String>,
    /// Changes to these kinds of records alone, such as `pilot`; all, if empty.
    #[serde(default)]
    #[schema(max_items = 20, inline)]
    pub record_types: Vec<RecordKind>,
}

impl WebhookEndpointInput {
    /// The kinds as they are stored.
    pub fn kinds(&self) -> Vec<String> {
        self.record_types.iter().map(|kind| kind.0.clone()).collect()
    }

    /// As it is stored.
    pub fn of(row: &EndpointRow) -> Self {
        Self {
            url: row.url.clone(),
            description: row.description.clone(),
            record_types: row.record_types.iter().cloned().map(RecordKind).collect(),
        }
    }
}

/// Where someone is told of changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "url": "https://receiver.example.org/pilots", "description": null,
    "owner_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "service_account_id": null,
    "record_types": ["pilot"], "status": "active", "status_reason": null, "allowed_actions": ["pause"], "secret": null,
    "old_secret_until": null, "failing_since": null, "version": 1, "created_at": "2026-07-01T04:30:00.000Z",
    "updated_at": "2026-07-01T04:30:00.000Z"
}))]
pub struct WebhookEndpointView {
    /// Its identifier.
    pub id: WebhookEndpointId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The service account whose key made it, and with which it ends; null if a person did.
    pub service_account_id: Option<ServiceAccountId>,
    /// Where messages are posted. Others than its owner see no more than scheme and host: a path may hold a secret.
    #[schema(max_length = 500)]
    pub url: String,
    /// What it is for.
    #[schema(max_length = 200)]
    pub description: Option<String>,
    /// Changes to these kinds of records alone; all, if empty.
    #[schema(max_items = 20)]
    pub record_types: Vec<String>,
    /// How it stands.
    #[schema(inline)]
    pub status: EndpointStatus,
    /// Why it was paused or disabled.
    #[schema(max_length = 500)]
    pub status_reason: Option<String>,
    /// What can be done to its status.
    #[schema(inline)]
    pub allowed_actions: Vec<EndpointCommand>,
    /// The signing secret, `whsec_…`: shown once, when it is made; null ever after.
    #[schema(max_length = 100)]
    pub secret: Option<String>,
    /// Until when the secret before signs as well.
    pub old_secret_until: Option<Timestamp>,
    /// Since when every attempt failed; null when the last one did not. After three days the endpoint is disabled.
    pub failing_since: Option<Timestamp>,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl WebhookEndpointView {
    /// As this caller sees it; `programs` are the service accounts in force.
    pub fn new(row: EndpointRow, actor: &Actor, programs: &HashMap<ServiceAccountId, Vec<String>>) -> Self {
        let standing = standing(actor, &row);
        let open = |command: &EndpointCommand| action(*command, &row, &standing, is_over(&row, programs)).is_open();
        Self {
            allowed_actions: EndpointCommand::ALL.iter().copied().filter(open).collect(),
            url: if standing.oneself { row.url } else { without_path(&row.url) },
            id: row.id,
            owner_id: row.owner_id,
            service_account_id: row.service_account_id,
            description: row.description,
            record_types: row.record_types.to_vec(),
            status: row.status,
            status_reason: row.status_reason,
            secret: None,
            old_secret_until: row.old_secret_until,
            failing_since: row.failing_since,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// The same for one endpoint, looking its service account up.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(
        connection: &mut DbConnection,
        row: EndpointRow,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let programs = programs(connection, std::iter::once(&row), now)?;
        Ok(Self::new(row, actor, &programs))
    }
}

/// Whether the service account behind an endpoint is none of those in force.
pub fn is_over(row: &EndpointRow, programs: &HashMap<ServiceAccountId, Vec<String>>) -> bool {
    row.service_account_id.is_some_and(|id| !programs.contains_key(&id))
}

/// What may be done to an endpoint by a caller of this standing.
pub fn action(command: EndpointCommand, row: &EndpointRow, standing: &Standing, is_over: bool) -> Action {
    let state = next(LIFECYCLE, row.status, command).err();
    let action = Action::new(command.as_str(), command.permission(), standing, state);
    let obstacle = || enable_obstacle(row, standing, is_over).map_or_else(Vec::new, as_conditions);
    if command == EndpointCommand::Enable { action.needing(obstacle) } else { action }
}

/// Why an endpoint cannot be enabled by someone to whom the table allows it.
pub fn enable_obstacle(row: &EndpointRow, standing: &Standing, is_over: bool) -> Option<AppError> {
    if is_over {
        return Some(AppError::new(ErrorCode::Conflict).detail(
            "The service account behind it was revoked or has ended.",
            "এর সার্ভিস অ্যাকাউন্টটি বাতিল হয়েছে অথবা মেয়াদ শেষ।",
        ));
    }
    match (row.disabled_by, standing.oneself, standing.roles.has(Role::Admin)) {
        (Some(_), _, false) => Some(AppError::forbidden(
            "An administrator disabled it, so an administrator has to enable it.",
            "একজন প্রশাসক এটি বন্ধ করেছেন, তাই একজন প্রশাসককেই চালু করতে হবে।",
        )),
        (None, false, _) => Some(AppError::forbidden(
            "Only its owner enables what no administrator disabled.",
            "প্রশাসক বন্ধ না করে থাকলে শুধু স্বত্বাধিকারীই এটি চালু করেন।",
        )),
        _ => None,
    }
}

/// `https://host/…`.
fn without_path(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "…".to_owned() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}/…")
}

/// Refuses a URL that could not be asked. It is asked again before each message, since names change.
///
/// # Errors
/// `ValidationFailed`.
pub async fn check_url(outbound: &Outbound, url: &str) -> Result<(), AppError> {
    let Err(refused) = outbound.check(url).await else { return Ok(()) };
    let (code, en, bn) = match refused {
        Refused::NotAUrl => ("url", "This is not an absolute URL with a host name.", "এটি হোস্ট-নামসহ পূর্ণ URL নয়।"),
        Refused::NotHttps => ("https", "Only https is allowed.", "শুধু https চলবে।"),
        Refused::Login => {
            ("url", "A URL must not hold a login or a fragment.", "URL-এ লগইন তথ্য বা ফ্র্যাগমেন্ট থাকতে পারবে না।")
        }
        Refused::NotPublic => ("not_public", "The host is not on the public internet.", "হোস্টটি উন্মুক্ত ইন্টারনেটে নেই।"),
        Refused::Unknown => ("unknown_host", "The host name cannot be resolved.", "হোস্ট-নামটি খুঁজে পাওয়া যায়নি।"),
    };
    Err(AppError::validation(vec![FieldError::body("/url", code, en, bn)]))
}
