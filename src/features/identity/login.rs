//! Login by email and password.
//!
//! An unknown address, a wrong password and a disabled account get the same answer after the same time. Failures are
//! counted by `back_off`.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{find_by_email, fold_email},
    back_off,
    rows::{UserRow, UserStatus},
    session_store::{self, TokensView},
};
use crate::platform::{
    error::{AppError, ErrorCode},
    web::{Answer, Body, Call, Reply},
};

/// Who wants in.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "owner@demo.innovation.gov.bd", "password": "demo pilots for everyone"}))]
pub struct LoginRequest {
    /// The account's email address.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// Its password.
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
}

/// Log in.
///
/// Gives an access token for ten minutes and a refresh token for the next one.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Identity", request_body = LoginRequest,
    responses((status = 200, description = "Logged in.", body = TokensView)))]
pub async fn login(call: Call, body: Body) -> Answer {
    let request: LoginRequest = body.read(&call).await?;
    let email = request.email.clone();
    let found = call.look(move |connection, _| find_by_email(connection, &email)).await?;
    let active = found.filter(|user| user.status == UserStatus::Active);
    let hash = active.as_ref().map(|user| user.password_hash.clone());
    let genuine = back_off::verify(&call, &fold_email(&request.email), request.password, hash).await?;
    let Some(user) = active.filter(|_| genuine) else {
        return Err(AppError::new(ErrorCode::InvalidCredentials));
    };
    let tokens = call.state.tokens.clone();
    call.write(move |tx| {
        // It was checked outside this transaction: meanwhile the account may have been disabled.
        if find_by_email(tx.conn, &user.email)?.as_ref() != Some(&user) {
            return Err(AppError::new(ErrorCode::InvalidCredentials));
        }
        let session = session_store::open(tx, user.id, user.must_change_password)?;
        let view = session_store::issue_tokens(tx, &tokens, &session)?;
        tx.audit::<UserRow>("session", session.session_id.as_str(), None, None)?;
        Ok(Reply::ok(&view)?.secret())
    })
    .await
}
