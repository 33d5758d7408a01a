//! One account, for administrators and auditors.

use super::{accounts::find_account, user_lifecycle::allowed_actions, user_view::UserView};
use crate::platform::{
    ids::UserId,
    web::{Answer, Call, Reply},
};

/// Read an account.
///
/// With its roles and what the caller may do to its status.
#[utoipa::path(get, path = "/v1/users/{user_id}", tag = "Users",
    responses((status = 200, description = "The account.", body = UserView)))]
pub async fn get_user(call: Call) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.read(move |connection, context| {
        let account = find_account(connection, id)?;
        let version = account.user.version;
        let allowed = allowed_actions(context.user()?, &account);
        Reply::record(version, &UserView::new(account, allowed))
    })
    .await
}
