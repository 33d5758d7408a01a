//! What may I do to a source, and why not.

use super::{access::see_source, guards::actions};
use crate::{
    features::{actions::ActionsView, funding::ids::FundingSourceId},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a funding source.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/funding-sources/{source_id}/actions", tag = "Funding sources",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_funding_source_actions(call: Call) -> Answer {
    let id = call.id("source_id", FundingSourceId::parse)?;
    call.read(move |connection, context| {
        let seen = see_source(connection, context.actor.as_ref(), id)?;
        Reply::ok(&ActionsView::new(actions(&seen), context.meta.language))
    })
    .await
}
