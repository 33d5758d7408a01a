//! The way back for someone whose phone and recovery codes are gone. The password alone then suffices, so an
//! administrator makes sure of who is asking; on the command line the same is `user reset-second-factor`.

use super::store;
use crate::{
    features::{
        identity::{Account, UserView, change_user, end_sessions, find_account, save, user_view},
        registration::{AccountEvent, tell_holder},
    },
    platform::{
        error::{AppError, ErrorCode},
        ids::UserId,
        web::{Answer, Body, Call, Reply},
    },
};

/// Reset a second factor.
///
/// Switches it off and ends all sessions of the account; a letter tells the holder. Nobody resets their own: that is `disable_second_factor`.
#[utoipa::path(post, path = "/v1/users/{user_id}/second-factor-resets", tag = "Users",
    responses((status = 201, description = "Reset; the account as it is now.", body = UserView)))]
pub async fn reset_second_factor(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, _| find_account(connection, id)).await?;
    body.expect_nothing(&call).await?;
    if call.user()?.user_id == id {
        return Err(AppError::new(ErrorCode::Conflict)
            .detail("You cannot reset your own second factor.", "নিজের দ্বিতীয় ধাপের যাচাই রিসেট করা যায় না।"));
    }
    change_user(call, id, move |tx, before| {
        store::wipe(tx.conn, id)?;
        let mut user = before.user.clone();
        user.second_factor_at = None;
        let after = Account { user: save(tx.conn, user, tx.now)?, roles: before.roles.clone() };
        end_sessions(tx.conn, id, None, tx.now)?;
        let letter = tx.new_id();
        tell_holder(tx.conn, letter, &after.user, AccountEvent::SecondFactorReset, tx.now)?;
        let reply = Reply::created(format!("/v1/users/{id}"), after.user.version, &user_view(tx, after.clone())?)?;
        Ok((after, reply))
    })
    .await
}
