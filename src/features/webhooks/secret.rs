//! The secrets by which receivers know that a message is ours. They are not stored: each is derived from a random text
//! beside the endpoint and a key of the server, so a copy of the database alone signs nothing.

use base64::{Engine, prelude::BASE64_STANDARD};
use standardwebhooks::Webhook;

use super::{ids::WebhookEndpointId, rows::EndpointRow};
use crate::platform::{clock::Timestamp, crypto::MacKey, error::AppError};

/// For how long the old secret signs beside a new one.
pub const OVERLAP: chrono::Duration = chrono::Duration::hours(24);

/// `whsec_…`, as Standard Webhooks writes it.
pub fn secret(key: &MacKey, endpoint: WebhookEndpointId, salt: &str) -> String {
    let bytes = key.sign(format!("webhook-secret/1\0{endpoint}\0{salt}").as_bytes());
    format!("whsec_{}", BASE64_STANDARD.encode(bytes))
}

/// The value of `webhook-signature`: one signature, or two while an old secret is still good.
///
/// # Errors
/// A fault of ours.
pub fn signatures(
    key: &MacKey,
    endpoint: &EndpointRow,
    id: &str,
    now: Timestamp,
    body: &str,
) -> Result<String, AppError> {
    let old = endpoint.old_secret_salt.iter().filter(|_| endpoint.old_secret_until.is_some_and(|until| now < until));
    let signed: Result<Vec<String>, AppError> = std::iter::once(&endpoint.secret_salt)
        .chain(old)
        .map(|salt| {
            Webhook::new(&secret(key, endpoint.id, salt))
                .and_then(|webhook| webhook.sign(id, now.seconds(), body.as_bytes()))
                .map_err(AppError::internal)
        })
        .collect();
    Ok(signed?.join(" "))
}
