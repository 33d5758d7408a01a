//! An endpoint as its owner writes and sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    ids::WebhookEndpointId,
    rows::EndpointRow,
    status::{EndpointCommand, EndpointStatus, LIFECYCLE},
};
use crate::platform::{
    clock::Timestamp,
    error::{AppError, FieldError},
    outbound::{Outbound, Refused},
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
    #[schema(max_items = 20, schema_with = record_types)]
    pub record_types: Vec<String>,
}

// Paths in full here: imported, they would make those of the derive macros look superfluous to the compiler.
fn record_types() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    list_of_record_types(utoipa::openapi::Type::Array.into())
}

/// As [`WebhookEndpointInput::record_types`], in a patch: null is all of them.
pub(super) fn changed_record_types() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::Type;
    list_of_record_types(utoipa::openapi::schema::SchemaType::from_iter([Type::Array, Type::Null]))
}

fn list_of_record_types(list: utoipa::openapi::schema::SchemaType) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    use utoipa::openapi::{
        Type,
        schema::{ArrayBuilder, ObjectBuilder},
    };
    let word = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(60))
        .pattern(Some("^[a-z_]+$"));
    ArrayBuilder::new()
        .schema_type(list)
        .description(Some("Changes to these kinds of records alone, such as `pilot`; all, if empty."))
        .items(word.build())
        .max_items(Some(20))
        .build()
        .into()
}

impl WebhookEndpointInput {
    /// As it is stored.
    pub fn of(row: &EndpointRow) -> Self {
        Self { url: row.url.clone(), description: row.description.clone(), record_types: row.record_types.to_vec() }
    }
}

/// Where someone is told of changes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "url": "https://receiver.example.org/pilots", "description": null,
    "record_types": ["pilot"], "status": "active", "status_reason": null, "allowed_actions": ["pause"], "secret": null,
    "old_secret_until": null, "failing_since": null, "version": 1, "created_at": "2026-07-01T04:30:00.000Z",
    "updated_at": "2026-07-01T04:30:00.000Z"
}))]
pub struct WebhookEndpointView {
    /// Its identifier.
    pub id: WebhookEndpointId,
    /// Where messages are posted.
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
    /// Why it was disabled.
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

impl From<EndpointRow> for WebhookEndpointView {
    fn from(row: EndpointRow) -> Self {
        let possible = LIFECYCLE.iter().filter(|step| step.from.contains(&row.status));
        Self {
            id: row.id,
            url: row.url,
            description: row.description,
            record_types: row.record_types.to_vec(),
            status: row.status,
            status_reason: row.status_reason,
            allowed_actions: possible.map(|step| step.command).collect(),
            secret: None,
            old_secret_until: row.old_secret_until,
            failing_since: row.failing_since,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
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
