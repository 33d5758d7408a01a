//! Switching it off, by someone who still has both factors; who has not is helped by an administrator.

use std::sync::Arc;

use super::{
    proof::{SecondFactorProof, attempt_code, check_password, wrong_code},
    store,
};
use crate::{
    features::{
        identity::{Account, Changed, find_account, save},
        registration::{AccountEvent, tell_holder},
    },
    platform::web::{Answer, Body, Call, Reply},
};

/// Switch off one's second factor.
///
/// Needs the password and a code; a letter tells the holder. Staff for whom it is required have to set it up anew before they can do anything else.
#[utoipa::path(post, path = "/v1/me/second-factor/disable", tag = "Identity", request_body = SecondFactorProof,
    responses((status = 204, description = "It is off.")))]
pub async fn disable_second_factor(call: Call, body: Body) -> Answer {
    let request: SecondFactorProof = body.read(&call).await?;
    let (id, session) = (call.user()?.user_id, call.user()?.session_id()?);
    check_password(&call, request.password).await?;
    let attempt = attempt_code(&call, id).await?;
    let state = Arc::clone(&call.state);
    let changed = Changed::default();
    changed.note(vec![session]);
    let reply = call
        .write_reply(move |tx| {
            if !store::use_code(tx, &state.vault, id, &request.code)? {
                return Err(wrong_code());
            }
            let before = find_account(tx.conn, id)?;
            store::wipe(tx.conn, id)?;
            let mut user = before.user.clone();
            user.second_factor_at = None;
            let after = Account { user: save(tx.conn, user, tx.now)?, roles: before.roles.clone() };
            tx.audit("user", id.as_str(), Some(&before), Some(&after))?;
            let letter = tx.new_id();
            tell_holder(tx.conn, letter, &after.user, AccountEvent::SecondFactorOff, tx.now)?;
            Ok(Reply::no_content())
        })
        .await?;
    changed.forget(&call.state.sessions);
    attempt.succeed(&call).await?;
    Ok(reply.into_response(None))
}
