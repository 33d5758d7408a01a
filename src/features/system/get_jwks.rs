//! The public keys of our access tokens.

use actix_web::{HttpResponse, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    error::AppError,
    web::{Answer, Call},
};

/// A set of public keys (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct JwkSetView {
    /// The keys; a token names its own by `kid`.
    #[schema(max_items = 20)]
    pub keys: Vec<JwkView>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct JwkView {
    /// Always `OKP`.
    #[schema(max_length = 10, example = "OKP")]
    pub kty: String,
    /// Always `Ed25519`.
    #[schema(max_length = 20, example = "Ed25519")]
    pub crv: String,
    /// Always `sig`.
    #[schema(max_length = 10, example = "sig")]
    pub r#use: String,
    /// Always `EdDSA`.
    #[schema(max_length = 10, example = "EdDSA")]
    pub alg: String,
    /// Its name: the thumbprint of RFC 7638.
    #[schema(max_length = 100)]
    pub kid: String,
    /// The public key, base64url.
    #[schema(max_length = 100)]
    pub x: String,
}

/// Read the public keys.
///
/// For services that check our access tokens themselves.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "System", responses((status = 200, description = "The keys.", body = JwkSetView)))]
pub async fn get_jwks(call: Call) -> Answer {
    let body = serde_json::to_string(&call.state.tokens.jwks()).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(body))
}
