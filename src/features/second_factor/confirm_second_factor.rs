//! The second of two steps: a code shows that the app has the secret, and from now on a login needs one. Sessions that
//! were opened without one end.

use std::sync::Arc;

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    proof::{attempt_code, wrong_code},
    recovery_codes::{RecoveryCodesView, renew},
    store,
};
use crate::{
    features::{
        identity::{Account, Changed, end_sessions, find_account, save},
        registration::{AccountEvent, tell_holder},
    },
    platform::{
        error::{AppError, ErrorCode},
        web::{Answer, Body, Call, Reply},
    },
};

/// A code of the app.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct ConfirmSecondFactorRequest {
    /// The six digits that the app shows now.
    #[schema(min_length = 6, max_length = 20)]
    pub code: String,
}

/// Switch on one's second factor.
///
/// Gives ten recovery codes, once. All other sessions of the caller end, and a letter tells them.
#[utoipa::path(post, path = "/v1/me/second-factor/confirm", tag = "Identity",
    request_body = ConfirmSecondFactorRequest,
    responses((status = 200, description = "It is on; the recovery codes.", body = RecoveryCodesView)))]
pub async fn confirm_second_factor(call: Call, body: Body) -> Answer {
    let request: ConfirmSecondFactorRequest = body.read(&call).await?;
    let (id, session) = (call.user()?.user_id, call.user()?.session_id()?);
    let attempt = attempt_code(&call, id).await?;
    let state = Arc::clone(&call.state);
    let changed = Changed::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let row = store::find(tx.conn, id)?.filter(|row| row.confirmed_at.is_none()).ok_or_else(|| {
                AppError::new(ErrorCode::Conflict)
                    .detail("Begin to set it up first.", "আগে দ্বিতীয় ধাপের যাচাই চালু করা শুরু করুন।")
            })?;
            if !store::confirm(tx, &state.vault, &row, &request.code)? {
                return Err(wrong_code());
            }
            let codes = renew(tx, &state.vault, id)?;
            let before = find_account(tx.conn, id)?;
            let mut user = before.user.clone();
            user.second_factor_at = Some(tx.now);
            let after = Account { user: save(tx.conn, user, tx.now)?, roles: before.roles.clone() };
            let mut sessions = end_sessions(tx.conn, id, Some(session), tx.now)?;
            sessions.push(session);
            noted.note(sessions);
            tx.audit("user", id.as_str(), Some(&before), Some(&after))?;
            let letter = tx.new_id();
            tell_holder(tx.conn, letter, &after.user, AccountEvent::SecondFactorOn, tx.now)?;
            Ok(Reply::ok(&codes)?.secret())
        })
        .await?;
    changed.forget(&call.state.sessions);
    attempt.succeed(&call).await?;
    Ok(reply.into_response(None))
}
