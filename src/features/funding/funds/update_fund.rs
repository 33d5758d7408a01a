//! Changing what is written of a fund.

use super::{
    access::standing,
    content::{FundContent, FundPatch},
    facts::facts_of,
    guards::check_is_active,
    rows::{find_fund, save},
    view::FundView,
};
use crate::{
    features::funding::ids::FundId,
    platform::web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// Change a fund.
///
/// A merge patch (RFC 7396) of its name and description, as long as the fund is active.
#[utoipa::path(patch, path = "/v1/funds/{fund_id}", tag = "Funds",
    request_body(content = FundPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed fund.", body = FundView)))]
pub async fn update_fund(call: Call, body: Body) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.look(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("update_fund", &standing(connection, context.actor.as_ref(), id)?)
    })
    .await?;
    let patch = body.read_patch::<FundPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let standing = standing(tx.conn, Some(&actor), id)?;
        let before = find_fund(tx.conn, id)?;
        tx.permit("update_fund", &standing)?;
        tx.check_version(before.version)?;
        check_is_active(before.status)?;
        let content: FundContent = apply_patch(&state.schemas, &FundContent::of(&before), &patch)?;
        let after = save(tx, "update_fund", &before, content.onto(before.clone()))?;
        let facts = facts_of(tx.conn, id)?;
        Reply::record(after.version, &FundView::new(after, &facts, &standing))
    })
    .await
}
