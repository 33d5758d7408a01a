//! What may I do to a service account, and why not.

use super::{access::see, status::ServiceAccountCommand, view::action};
use crate::{
    features::actions::ActionsView,
    platform::{
        ids::ServiceAccountId,
        web::{Answer, Call, Reply},
    },
};

/// Explain what may be done to a service account.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/service-accounts/{service_account_id}/actions", tag = "Service accounts",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_service_account_actions(call: Call) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    call.read(move |connection, context| {
        let (row, standing) = see(connection, context.actor.as_ref(), id)?;
        let actions = ServiceAccountCommand::ALL.iter().map(|command| action(*command, &row, &standing));
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
