//! Login by email and password.
//!
//! An unknown address, a wrong password and a disabled account get the same answer after the same time. Failures are
//! counted by `back_off`.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{find_by_email, fold_email},
    back_off::Attempt,
    rows::{UserRow, UserStatus},
    session_store::{self, TokensView},
};
use crate::{
    features::second_factor,
    platform::{
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply},
    },
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
    /// For an account with a second factor: the six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 20)]
    pub code: Option<String>,
}

/// Log in.
///
/// Gives an access token for ten minutes and a refresh token for the next one. An account with a second factor answers
/// the right password with `second_factor_required`: ask for the code and send all three. Each code is good once.
#[utoipa::path(post, path = "/v1/auth/login", tag = "Identity", request_body = LoginRequest,
    responses((status = 200, description = "Logged in.", body = TokensView)))]
pub async fn login(call: Call, body: Body) -> Answer {
    let request: LoginRequest = body.read(&call).await?;
    let email = request.email.clone();
    let found = call.look(move |connection, _| find_by_email(connection, &email)).await?;
    let active = found.filter(|user| user.status == UserStatus::Active);
    let hash = active.as_ref().map(|user| user.password_hash.clone());
    let attempt = Attempt::at_password(&call, &fold_email(&request.email)).await?;
    let genuine = call.state.passwords.verify(request.password, hash).await?;
    let Some(user) = active.filter(|_| genuine) else {
        return Err(AppError::new(ErrorCode::InvalidCredentials));
    };
    // Failures are forgotten only when everything was right, or the password would buy endless guesses at the code.
    let (code, attempts) = match (user.second_factor_at, request.code) {
        (None, _) => (None, vec![attempt]),
        (Some(_), None) => {
            attempt.withdraw(&call).await?;
            return Err(AppError::new(ErrorCode::SecondFactorRequired));
        }
        (Some(_), Some(code)) => match Attempt::at_code(&call, user.id).await {
            Ok(at_code) => (Some(code), vec![attempt, at_code]),
            Err(pause) => {
                attempt.withdraw(&call).await?;
                return Err(pause);
            }
        },
    };
    let tokens = call.state.tokens.clone();
    let state = Arc::clone(&call.state);
    let reply = call
        .write_reply(move |tx| {
            // It was checked outside this transaction: meanwhile the account may have been disabled.
            if find_by_email(tx.conn, &user.email)?.as_ref() != Some(&user) {
                return Err(AppError::new(ErrorCode::InvalidCredentials));
            }
            if let Some(code) = &code
                && !second_factor::use_code(tx, &state.vault, user.id, code)?
            {
                return Err(AppError::new(ErrorCode::SecondFactorInvalid));
            }
            let session = session_store::open(tx, user.id, user.must_change_password)?;
            let view = session_store::issue_tokens(tx, &tokens, &session)?;
            tx.audit::<UserRow>("session", session.session_id.as_str(), None, None)?;
            Ok(Reply::ok(&view)?.secret())
        })
        .await?;
    for attempt in attempts {
        attempt.succeed(&call).await?;
    }
    Ok(reply.into_response(None))
}
