//! Giving and taking roles. Both change the account, so both count its version up.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{find_account, grant, revoke_role as take_away},
    user_changes::{change, view},
    user_lifecycle::standing,
    user_view::UserView,
};
use crate::platform::{
    auth::{Role, Standing},
    ids::UserId,
    web::{Answer, Body, Call, Reply},
};

/// What someone is to become.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct GrantRoleRequest {
    /// The role.
    pub role: Role,
}

/// Grant a role.
///
/// Felt by the person's sessions at once. Nobody grants one to themselves: that takes another administrator. Where there is
/// none yet, the command `user roles` makes one.
#[utoipa::path(post, path = "/v1/users/{user_id}/roles", tag = "Users", request_body = GrantRoleRequest,
    responses((status = 201, description = "Granted; the account as it is now.", body = UserView)))]
pub async fn grant_role(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, context| {
        let account = find_account(connection, id)?;
        let actor = context.user()?;
        context.permit("grant_role", &Standing { oneself: actor.user_id == account.user.id, ..standing(actor) })
    })
    .await?;
    let request: GrantRoleRequest = body.read(&call).await?;
    change(call, id, move |tx, before| {
        let after = grant(tx.conn, before, request.role, tx.now)?;
        let reply = Reply::created(format!("/v1/users/{id}"), after.user.version, &view(tx, after.clone())?)?;
        Ok((after, reply))
    })
    .await
}

/// Revoke a role.
///
/// `If-Match` names the version of the account. The last active administrator cannot lose that role.
#[utoipa::path(delete, path = "/v1/users/{user_id}/roles/{role}", tag = "Users",
    responses((status = 204, description = "Revoked.")))]
pub async fn revoke_role(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    let role = call.id("role", Role::parse)?;
    body.expect_nothing(&call).await?;
    change(call, id, move |tx, before| {
        tx.check_version(before.user.version)?;
        Ok((take_away(tx.conn, before, role, tx.now)?, Reply::no_content()))
    })
    .await
}
