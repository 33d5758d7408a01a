//! Deleting a draft; what was handed in stays for ever.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{access::see_request, guards, rows::FundingRequestRow};
use crate::{
    features::funding::ids::FundingRequestId,
    platform::{
        db::schema::funding_requests,
        web::{Answer, Body, Call, Reply},
    },
};

/// Delete a draft of a funding request.
///
/// Only a draft that was never submitted.
#[utoipa::path(delete, path = "/v1/funding-requests/{request_id}", tag = "Funding requests",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("delete_funding_request", &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_request(tx.conn, Some(&actor), id)?;
        tx.permit("delete_funding_request", &seen.standing)?;
        if let Some(obstacle) = guards::deletion_obstacle(seen.told_status()) {
            return Err(obstacle);
        }
        tx.check_version(seen.row.version)?;
        delete(funding_requests::table.find(id)).execute(tx.conn)?;
        tx.audit::<FundingRequestRow>("funding_request", id.as_str(), Some(&seen.row), None)?;
        Ok(Reply::no_content())
    })
    .await
}
