//! A new password of one's own. Guesses at the present one are counted like failed logins, since a stolen access token
//! must not be a way around `back_off`. All other sessions end: whoever knew the old password is out.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{find_account, set_password},
    back_off,
    session_store::{self, Changed},
};
use crate::{
    features::registration::{AccountEvent, tell_holder},
    platform::{
        auth::weaknesses,
        error::{AppError, ErrorCode, FieldError},
        web::{Answer, Body, Call, Reply},
    },
};

/// The old and the new password.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "current_password": "demo pilots for everyone", "new_password": "seven boats carry mangoes north"
}))]
pub struct ChangePasswordRequest {
    /// The present one.
    #[schema(min_length = 1, max_length = 1000)]
    pub current_password: String,
    /// The next one: at least 10 characters, and not easy to guess.
    #[schema(min_length = 10, max_length = 1000)]
    pub new_password: String,
}

/// Change one's own password.
///
/// Ends all other sessions of the caller, and a letter tells them. A wrong current password is counted like a failed login.
#[utoipa::path(post, path = "/v1/me/password", tag = "Identity", request_body = ChangePasswordRequest,
    responses((status = 204, description = "Changed.")))]
pub async fn change_password(call: Call, body: Body) -> Answer {
    let request: ChangePasswordRequest = body.read(&call).await?;
    let (user_id, session_id) = (call.user()?.user_id, call.user()?.session_id()?);
    let user = call.look(move |connection, _| Ok(find_account(connection, user_id)?.user)).await?;
    let same = request.new_password == request.current_password;
    let known = user.password_hash.clone();
    if !back_off::verify(&call, &user.email, request.current_password, Some(known.clone())).await? {
        return Err(AppError::validation(vec![FieldError::body(
            "/current_password",
            "wrong_password",
            "This is not the current password.",
            "এটি বর্তমান পাসওয়ার্ড নয়।",
        )]));
    }
    let mut errors = weaknesses("/new_password", &request.new_password, &user.own_words());
    if same {
        errors.push(FieldError::body(
            "/new_password",
            "same_password",
            "This is the current password.",
            "এটিই বর্তমান পাসওয়ার্ড।",
        ));
    }
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let hash = call.state.passwords.hash(request.new_password).await?;
    let changed = Changed::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let before = find_account(tx.conn, user_id)?;
            // It was checked outside this transaction.
            if before.user.password_hash != known {
                return Err(AppError::new(ErrorCode::Conflict));
            }
            let after = set_password(tx.conn, &before, hash.clone(), false, tx.now)?;
            let mut sessions = session_store::revoke_all(tx.conn, user_id, Some(session_id), tx.now)?;
            // This one goes on, but no longer has to change the password.
            sessions.push(session_id);
            noted.note(sessions);
            tx.audit("user", user_id.as_str(), Some(&before), Some(&after))?;
            let letter = tx.new_id();
            tell_holder(tx.conn, letter, &after.user, AccountEvent::PasswordChanged, tx.now)?;
            Ok(Reply::no_content())
        })
        .await?;
    changed.forget(&call.state.sessions);
    Ok(reply.into_response(None))
}
