//! The first of two steps: the secret for the app. Nothing changes for the login until a code has shown that the app has
//! it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    proof::check_password,
    store,
    totp::{SECRET_BYTES, generator},
};
use crate::{
    features::identity::{Account, find_account},
    platform::{
        crypto::random_bytes,
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply},
    },
};

/// Proof of who is asking.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "demo pilots for everyone"}))]
pub struct BeginSecondFactorRequest {
    /// The caller's password.
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
}

/// What the app has to know, shown this once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "otpauth_uri": "otpauth://totp/Innovation%20Pilots:owner%40demo.innovation.gov.bd?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Innovation%20Pilots"
}))]
pub struct SecondFactorSecretView {
    /// The secret in base32, to be typed in.
    #[schema(max_length = 64)]
    pub secret: String,
    /// The same for a QR code.
    #[schema(max_length = 1000)]
    pub otpauth_uri: String,
}

/// Begin to set up one's second factor.
///
/// Gives the secret for an authenticator app, once. Send a code of the app to `confirm_second_factor` to switch it on;
/// begun anew, the earlier secret is void.
#[utoipa::path(post, path = "/v1/me/second-factor", tag = "Identity", request_body = BeginSecondFactorRequest,
    responses((status = 200, description = "The secret.", body = SecondFactorSecretView)))]
pub async fn begin_second_factor(call: Call, body: Body) -> Answer {
    let request: BeginSecondFactorRequest = body.read(&call).await?;
    let id = call.user()?.user_id;
    check_password(&call, request.password).await?;
    let secret = random_bytes(SECRET_BYTES)?;
    let state = Arc::clone(&call.state);
    call.write(move |tx| {
        let account = find_account(tx.conn, id)?;
        if account.user.second_factor_at.is_some() {
            return Err(AppError::new(ErrorCode::Conflict).detail(
                "The second factor is on already; switch it off first.",
                "দ্বিতীয় ধাপের যাচাই আগে থেকেই চালু; আগে বন্ধ করুন।",
            ));
        }
        store::begin(tx, &state.vault, id, &secret)?;
        tx.audit::<Account>("second_factor", id.as_str(), None, None)?;
        let totp = generator(&secret, &account.user.email)?;
        let view = SecondFactorSecretView {
            secret: totp.secret().to_base32(),
            otpauth_uri: totp.to_url().map_err(AppError::internal)?,
        };
        Ok(Reply::ok(&view)?.secret())
    })
    .await
}
