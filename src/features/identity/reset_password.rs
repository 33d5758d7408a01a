//! A new first password for someone who has lost theirs.

use super::{
    accounts::{find_account, set_password},
    create_user::TEMPORARY_PASSWORD,
    session_store,
    user_changes::{change, view},
    user_view::UserWithPasswordView,
};
use crate::{
    features::registration::{AccountEvent, tell_holder},
    platform::{
        crypto::random_token,
        ids::UserId,
        web::{Answer, Body, Call, Reply},
    },
};

/// Reset a password.
///
/// Makes one up, returns it once as `temporary_password`, and ends all sessions of the account. It has to be changed at
/// the next login. A letter tells the holder, without the password.
#[utoipa::path(post, path = "/v1/users/{user_id}/password-resets", tag = "Users",
    responses((status = 201, description = "Reset; the account as it is now.", body = UserWithPasswordView)))]
pub async fn reset_password(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, _| find_account(connection, id)).await?;
    body.expect_nothing(&call).await?;
    let password = random_token(TEMPORARY_PASSWORD)?;
    let hash = call.state.passwords.hash(password.clone()).await?;
    change(call, id, move |tx, before| {
        let after = set_password(tx.conn, before, hash.clone(), true, tx.now)?;
        session_store::revoke_all(tx.conn, id, None, tx.now)?;
        let letter = tx.new_id();
        tell_holder(tx.conn, letter, &after.user, AccountEvent::PasswordSetByAdmin, tx.now)?;
        let mut answer =
            UserWithPasswordView { user: view(tx, after.clone())?, temporary_password: Some(password.clone()) };
        let reply = Reply::created(format!("/v1/users/{id}"), after.user.version, &answer)?;
        answer.temporary_password = None;
        Ok((after, reply.secret_once(&answer)?))
    })
    .await
}
