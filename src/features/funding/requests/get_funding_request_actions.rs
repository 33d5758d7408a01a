//! What may I do to a request, and why not.

use super::{access::see_request, actions, facts::facts};
use crate::{
    features::{actions::ActionsView, funding::ids::FundingRequestId},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a funding request.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/actions", tag = "Funding requests",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_funding_request_actions(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        seen.check_file_open()?;
        let facts = facts(connection, &seen.row, &seen.round)?;
        Reply::ok(&ActionsView::new(actions::all(&seen, &facts, context.now()), context.meta.language))
    })
    .await
}
