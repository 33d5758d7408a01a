//! Closing a request once every taka of it is accounted for.

use super::{
    access::see_agreement,
    guards,
    terminate_funding_request::{FundingEndView, end},
};
use crate::{
    features::funding::{
        awards::move_up,
        ids::FundingRequestId,
        ledger::Remark,
        requests::{By, RequestMove, see_request, status::LIFECYCLE},
    },
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Close a funding request.
///
/// From `closing`: no tranche is left to be paid, every report is accepted, and what was not spent is back. What was
/// promised and not needed is free again and goes to who waits longest. `If-Match` names the version of the funding
/// request.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/closure", tag = "Tranches",
    extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "How it ended.", body = FundingEndView)))]
pub async fn close_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("close_funding_request", &seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write_money(move |tx| run(tx, id)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit("close_funding_request", &seen.standing)?;
    tx.check_version(seen.row.version)?;
    next(LIFECYCLE, seen.told_status(), RequestMove::Close)?;
    let accounts = see_agreement(tx.conn, Some(&actor), id)?.accounts;
    let unmet = guards::unmet_for_closure(&accounts);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let end =
        end(tx, "close_funding_request", &seen.row, &accounts, RequestMove::Close, By::Caller, Remark::default())?;
    move_up(tx, seen.row.round_id)?;
    Reply::record(end.version, &end)
}
