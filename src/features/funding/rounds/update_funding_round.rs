//! Changing the rules of a round, as long as it is only announced.

use super::{
    content::{FundingRoundContent, FundingRoundPatch},
    guards::check_can_edit,
    store::{find_round, save},
    view::FundingRoundView,
};
use crate::{
    features::funding::{funds::standing, ids::RoundId},
    platform::web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// Change a funding round.
///
/// A merge patch (RFC 7396); lists are replaced whole. Only in `forecast`: whoever applies can rely on the rules.
#[utoipa::path(patch, path = "/v1/funding-rounds/{round_id}", tag = "Funding rounds",
    request_body(content = FundingRoundPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed round.", body = FundingRoundView)))]
pub async fn update_funding_round(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        context.permit("update_funding_round", &standing(connection, context.actor.as_ref(), fund)?)
    })
    .await?;
    let patch = body.read_patch::<FundingRoundPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let before = find_round(tx.conn, id)?;
        let standing = standing(tx.conn, Some(&actor), before.fund_id)?;
        tx.permit("update_funding_round", &standing)?;
        tx.check_version(before.version)?;
        check_can_edit(&before)?;
        let content: FundingRoundContent = apply_patch(&state.schemas, &FundingRoundContent::of(&before), &patch)?;
        let after = save(tx, "update_funding_round", &before, content.onto(before.clone()))?;
        let now = tx.now;
        Reply::record(after.version, &FundingRoundView::load(tx.conn, after, &standing, now)?)
    })
    .await
}
