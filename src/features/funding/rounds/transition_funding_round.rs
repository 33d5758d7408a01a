//! A round on its way from the announcement to the archive.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    facts::facts_of,
    guards::unmet,
    rows::RoundRow,
    status::{LIFECYCLE, RoundCommand},
    store::{find_round, save},
    view::FundingRoundView,
};
use crate::{
    features::funding::{
        funds::standing,
        ids::RoundId,
        requests::{announce, handed_in},
    },
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a round.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "open"}))]
pub struct TransitionFundingRoundRequest {
    /// What to do.
    #[schema(inline)]
    pub action: RoundCommand,
}

/// Move a funding round.
///
/// `open` fixes its rules; `close` is possible from `closes_at` on, and nothing is handed in after that moment in any case;
/// `finish_deciding` needs every request to be decided; `archive` needs every award to have come to its end.
#[utoipa::path(post, path = "/v1/funding-rounds/{round_id}/transitions", tag = "Funding rounds",
    request_body = TransitionFundingRoundRequest,
    responses((status = 200, description = "The round after the move.", body = FundingRoundView)))]
pub async fn transition_funding_round(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        // All commands are for the same people, so it can be refused before the body is read.
        context.permit(RoundCommand::Open.line(), &standing(connection, context.actor.as_ref(), fund)?)
    })
    .await?;
    let request: TransitionFundingRoundRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: RoundId, request: &TransitionFundingRoundRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let before = find_round(tx.conn, id)?;
    let standing = standing(tx.conn, Some(&actor), before.fund_id)?;
    tx.permit(request.action.line(), &standing)?;
    tx.check_version(before.version)?;
    let status = next(LIFECYCLE, before.status, request.action)?.to;
    let now = tx.now;
    let unmet = unmet(&before, &facts_of(tx.conn, &before)?, request.action, now);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let after = save(tx, request.action.line(), &before, RoundRow { status, ..before.clone() })?;
    if after.is_sealed && request.action == RoundCommand::Close {
        for sealed in handed_in(tx.conn, id)? {
            announce(tx, request.action.line(), &sealed)?;
        }
    }
    Reply::record(after.version, &FundingRoundView::load(tx.conn, after, &standing, now)?)
}
