//! Who changes a second factor proves who they are once more: a stolen access token must not be enough. Wrong passwords
//! and codes are counted like those of a login.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    features::identity::{Attempt, find_account, verify_password},
    platform::{
        error::{AppError, FieldError},
        ids::UserId,
        web::Call,
    },
};

/// The password, and a code.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "demo pilots for everyone", "code": "287082"}))]
pub struct SecondFactorProof {
    /// The caller's password.
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
    /// The six digits that the app shows, or a recovery code.
    #[schema(min_length = 6, max_length = 20)]
    pub code: String,
}

/// Makes sure that the caller knows their password.
///
/// # Errors
/// `ValidationFailed` at `/password` when they do not; `TooManyAttempts`; those of the database.
pub async fn check_password(call: &Call, password: String) -> Result<(), AppError> {
    let id = call.user()?.user_id;
    let user = call.look(move |connection, _| Ok(find_account(connection, id)?.user)).await?;
    if verify_password(call, &user.email, password, Some(user.password_hash)).await? {
        return Ok(());
    }
    Err(AppError::validation(vec![FieldError::body(
        "/password",
        "wrong_password",
        "This is not your password.",
        "এটি আপনার পাসওয়ার্ড নয়।",
    )]))
}

/// The refusal of a code.
pub fn wrong_code() -> AppError {
    AppError::validation(vec![FieldError::body(
        "/code",
        "wrong_code",
        "The code is wrong, too old, or was used before.",
        "কোডটি ভুল, পুরোনো অথবা আগে ব্যবহৃত।",
    )])
}

/// Counts an attempt at a code.
///
/// # Errors
/// `TooManyAttempts`; those of the database.
pub async fn attempt_code(call: &Call, user: UserId) -> Result<Attempt, AppError> {
    Attempt::at_code(call, user).await
}
