//! Reading one request.

use super::{
    access::see_request,
    view::{FundingRequestView, show},
};
use crate::{
    features::funding::ids::FundingRequestId,
    platform::web::{Answer, Call, Reply},
};

/// Read a funding request.
///
/// Its team always; staff from the submit on, in a sealed round from its closing on; a reviewer once they have declared
/// to be free of conflicts. The team is told of decisions when the results of the round are released.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}", tag = "Funding requests",
    responses((status = 200, description = "The request.", body = FundingRequestView)))]
pub async fn get_funding_request(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        seen.check_file_open()?;
        let view = show(connection, &seen, context.now())?;
        Reply::record(view.version, &view)
    })
    .await
}
