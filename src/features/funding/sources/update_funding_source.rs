//! Editing a source that no officer has judged.

use super::{
    access::{SeenSource, save, see_source},
    content::{FundingSourceContent, FundingSourcePatch},
    guards,
    view::FundingSourceView,
};
use crate::{
    features::funding::ids::FundingSourceId,
    platform::web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// Change a funding source.
///
/// A merge patch (RFC 7396); only while it is `declared`.
#[utoipa::path(patch, path = "/v1/funding-sources/{source_id}", tag = "Funding sources",
    request_body(content = FundingSourcePatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed source.", body = FundingSourceView)))]
pub async fn update_funding_source(call: Call, body: Body) -> Answer {
    let id = call.id("source_id", FundingSourceId::parse)?;
    call.look(move |connection, context| {
        let seen = see_source(connection, context.actor.as_ref(), id)?;
        context.permit("update_funding_source", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<FundingSourcePatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_source(tx.conn, Some(&actor), id)?;
        tx.permit("update_funding_source", &seen.standing)?;
        tx.check_version(seen.row.version)?;
        let obstacle = guards::edit_obstacle(seen.row.status).or_else(|| guards::ended_obstacle(&seen.pilot));
        if let Some(obstacle) = obstacle {
            return Err(obstacle);
        }
        let content: FundingSourceContent = apply_patch(&state.schemas, &FundingSourceContent::of(&seen.row), &patch)?;
        content.check(tx.conn, seen.row.pilot_id)?;
        let row = save(tx, "update_funding_source", &seen.row, seen.row.clone().with_content(&content))?;
        Reply::record(row.version, &FundingSourceView::new(SeenSource { row, ..seen }))
    })
    .await
}
