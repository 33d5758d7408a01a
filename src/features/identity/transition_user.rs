//! Disabling an account, which ends its sessions at once, and enabling it again.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::find_account,
    session_store,
    user_changes::{change_as, view},
    user_lifecycle::{UserCommand, apply, refuse_oneself, standing},
    user_view::UserView,
};
use crate::platform::{
    ids::UserId,
    web::{Answer, Body, Call, Reply},
};

/// What is to be done, and why.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "disable", "reason": "Left the service on 30 June."}))]
pub struct TransitionUserRequest {
    /// What is to be done.
    pub action: UserCommand,
    /// Why; needed to disable.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Disable or enable an account.
///
/// A disabled account keeps its history and its roles, but cannot log in, and all its sessions end at once.
#[utoipa::path(post, path = "/v1/users/{user_id}/transitions", tag = "Users",
    request_body = TransitionUserRequest,
    responses((status = 200, description = "The account as it is now.", body = UserView)))]
pub async fn transition_user(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, _| find_account(connection, id)).await?;
    let request: TransitionUserRequest = body.read(&call).await?;
    let action = request.action.permission();
    change_as(call, id, action, move |tx, before| {
        tx.permit(action, &standing(tx.actor()?))?;
        tx.check_version(before.user.version)?;
        refuse_oneself(tx.actor()?, before, request.action)?;
        let after = apply(tx.conn, before, request.action, request.reason.clone(), tx.now)?;
        if request.action == UserCommand::Disable {
            session_store::revoke_all(tx.conn, id, None, tx.now)?;
        }
        let reply = Reply::record(after.user.version, &view(tx, after.clone())?)?;
        Ok((after, reply))
    })
    .await
}
