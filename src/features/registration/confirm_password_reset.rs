//! The token of the letter and a new password. All sessions end: whoever has them knew the old password, or stole them.
//! The second factor stays, so a mailbox alone does not open the account of someone who has one.

use super::{
    confirm_registration::TokenAndPasswordRequest,
    notices::{AccountEvent, tell_holder},
    store::{self, LetterRow, Purpose},
};
use crate::{
    features::identity::{Account, Changed, end_sessions, find_account, rows::UserStatus, set_password},
    platform::{
        auth::weaknesses,
        db::DbConnection,
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply},
    },
};

/// Set a new password.
///
/// The token is good once, for 24 hours, and only as long as the password has not been changed otherwise. Ends all
/// sessions; log in next, with the second factor if there is one. A letter tells the holder.
#[utoipa::path(post, path = "/v1/auth/password-resets/confirm", tag = "Identity",
    request_body = TokenAndPasswordRequest,
    responses((status = 204, description = "It is set.")))]
pub async fn confirm_password_reset(call: Call, body: Body) -> Answer {
    let request: TokenAndPasswordRequest = body.read(&call).await?;
    let (token, now) = (request.token.clone(), call.now());
    let account = call
        .look(move |connection, _| {
            let letter = store::open(connection, &token, Purpose::PasswordReset, now)?;
            holder(connection, &letter)
        })
        .await?;
    let errors = weaknesses("/password", &request.password, &account.user.own_words());
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let hash = call.state.passwords.hash(request.password).await?;
    let changed = Changed::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let letter = store::open(tx.conn, &request.token, Purpose::PasswordReset, tx.now)?;
            let before = holder(tx.conn, &letter)?;
            store::use_up(tx.conn, letter.id, tx.now)?;
            let id = before.user.id;
            let after = set_password(tx.conn, &before, hash.clone(), false, tx.now)?;
            noted.note(end_sessions(tx.conn, id, None, tx.now)?);
            tx.audit("user", id.as_str(), Some(&before), Some(&after))?;
            let letter = tx.new_id();
            tell_holder(tx.conn, letter, &after.user, AccountEvent::PasswordReset, tx.now)?;
            Ok(Reply::no_content())
        })
        .await?;
    changed.forget(&call.state.sessions);
    Ok(reply.into_response(None))
}

/// The active account whose present password the letter is to replace.
fn holder(connection: &mut DbConnection, letter: &LetterRow) -> Result<Account, AppError> {
    let invalid = || AppError::new(ErrorCode::MailTokenInvalid);
    let account = find_account(connection, letter.user_id.ok_or_else(invalid)?)?;
    let is_good = account.user.status == UserStatus::Active
        && letter.password_changed_at == Some(account.user.password_changed_at)
        // The mailbox that it went to has to be the account's still.
        && letter.email == account.user.email;
    if is_good { Ok(account) } else { Err(invalid()) }
}
