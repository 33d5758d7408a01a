//! An award that nobody signed for in time.

use super::{
    actions::{DecisionAction, unmet},
    freeing::{move_up, release_commitment},
    recommend_funding_request::reply,
    view::DecidedRequestView,
};
use crate::{
    features::funding::{
        ids::FundingRequestId,
        ledger::Remark,
        requests::{By, RequestMove, advance, see_request, status::LIFECYCLE},
        tranches,
    },
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

const ACTION: DecisionAction = DecisionAction::Lapse;

/// Let an award lapse.
///
/// By a fund officer outside the pilot's team, when the day until which the agreement had to be signed has passed in
/// Dhaka. The promise ends, and the money goes to the requests that wait, the longest first.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/lapse", tag = "Awards",
    extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The request, lapsed.", body = DecidedRequestView)))]
pub async fn lapse_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit(ACTION.line(), &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write_money(move |tx| run(tx, id)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit(ACTION.line(), &seen.standing)?;
    let before = &seen.row;
    tx.check_version(before.version)?;
    next(LIFECYCLE, before.status, RequestMove::Lapse)?;
    let failing = unmet(ACTION, before, &seen.pilot, tx.now.day_in_dhaka());
    if !failing.is_empty() {
        return Err(AppError::conditions(failing));
    }
    let row = advance(tx, ACTION.line(), before, before.clone(), RequestMove::Lapse, By::Caller, None)?;
    let accounts = tranches::accounts(tx.conn, &[id])?;
    tranches::cancel_unpaid(tx, &accounts, By::System, "The agreement was not signed in time.")?;
    release_commitment(tx, &row, Remark::default())?;
    move_up(tx, row.round_id)?;
    reply(tx, id)
}
