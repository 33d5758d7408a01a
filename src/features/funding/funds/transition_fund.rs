//! Closing a fund, and opening it again.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::standing,
    facts::facts_of,
    guards::unmet,
    rows::{FundRow, find_fund, save},
    status::{FundCommand, LIFECYCLE},
    view::FundView,
};
use crate::{
    features::funding::ids::FundId,
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a fund, and why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "close", "reason": "The programme ends with the fiscal year."}))]
pub struct TransitionFundRequest {
    /// What to do.
    #[schema(inline)]
    pub action: FundCommand,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Close or reopen a fund.
///
/// A closed fund takes no capital, gives its rounds none and has no new ones; what was awarded is paid all the same. It
/// can be closed when each of its rounds is decided or only announced. The reason is shown with the fund.
#[utoipa::path(post, path = "/v1/funds/{fund_id}/transitions", tag = "Funds", request_body = TransitionFundRequest,
    responses((status = 200, description = "The fund after the move.", body = FundView)))]
pub async fn transition_fund(call: Call, body: Body) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.look(move |connection, context| {
        find_fund(connection, id)?;
        // Both commands are for the same people, so it can be refused before the body is read.
        context.permit(FundCommand::Close.line(), &standing(connection, context.actor.as_ref(), id)?)
    })
    .await?;
    let request: TransitionFundRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundId, request: &TransitionFundRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let standing = standing(tx.conn, Some(&actor), id)?;
    let before = find_fund(tx.conn, id)?;
    tx.permit(request.action.line(), &standing)?;
    tx.check_version(before.version)?;
    let status = next(LIFECYCLE, before.status, request.action)?.to;
    let facts = facts_of(tx.conn, id)?;
    let unmet = unmet(request.action, &facts);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let prepared = FundRow { status, status_reason: Some(request.reason.clone()), ..before.clone() };
    let after = save(tx, request.action.line(), &before, prepared)?;
    Reply::record(after.version, &FundView::new(after, &facts, &standing))
}
