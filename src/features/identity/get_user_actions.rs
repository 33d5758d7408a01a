//! What may I do to an account, and why not.

use super::{
    accounts::find_account,
    user_lifecycle::{UserCommand, action},
};
use crate::{
    features::actions::ActionsView,
    platform::{
        ids::UserId,
        web::{Answer, Call, Reply},
    },
};

/// Explain what may be done to an account.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/users/{user_id}/actions", tag = "Users",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_user_actions(call: Call) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.read(move |connection, context| {
        let (account, actor) = (find_account(connection, id)?, context.user()?);
        let actions = UserCommand::ALL.iter().map(|command| action(*command, &account, actor));
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
