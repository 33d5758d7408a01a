//! Ten new recovery codes in place of all earlier ones.

use std::sync::Arc;

use super::{
    proof::{SecondFactorProof, attempt_code, check_password, wrong_code},
    recovery_codes::{RecoveryCodesView, renew},
    store,
};
use crate::{
    features::{
        identity::{Account, find_account},
        registration::{AccountEvent, tell_holder},
    },
    platform::web::{Answer, Body, Call, Reply},
};

/// Make new recovery codes.
///
/// Needs the password and a code. The earlier recovery codes are void; a letter tells the holder.
#[utoipa::path(post, path = "/v1/me/second-factor/recovery-codes", tag = "Identity",
    request_body = SecondFactorProof,
    responses((status = 200, description = "The new recovery codes, shown this once.", body = RecoveryCodesView)))]
pub async fn regenerate_recovery_codes(call: Call, body: Body) -> Answer {
    let request: SecondFactorProof = body.read(&call).await?;
    let id = call.user()?.user_id;
    check_password(&call, request.password).await?;
    let attempt = attempt_code(&call, id).await?;
    let state = Arc::clone(&call.state);
    let reply = call
        .write_reply(move |tx| {
            if !store::use_code(tx, &state.vault, id, &request.code)? {
                return Err(wrong_code());
            }
            let codes = renew(tx, &state.vault, id)?;
            tx.audit::<Account>("second_factor", id.as_str(), None, None)?;
            let (user, letter) = (find_account(tx.conn, id)?.user, tx.new_id());
            tell_holder(tx.conn, letter, &user, AccountEvent::RecoveryCodesRenewed, tx.now)?;
            Ok(Reply::ok(&codes)?.secret())
        })
        .await?;
    attempt.succeed(&call).await?;
    Ok(reply.into_response(None))
}
