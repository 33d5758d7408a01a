//! Editing a pilot, as long as it has not been handed in or has come back for changes.

use super::{
    PilotId,
    content::{PilotContent, PilotPatch},
    create_pilot::with_content,
    facets, guards, load, references, save, see,
    view::PilotView,
};
use crate::platform::web::{Answer, Body, Call, Reply, body::apply_patch};

/// Change a pilot.
///
/// A merge patch (RFC 7396). Only a draft, or a pilot sent back for changes, is edited freely; later edits go through a
/// plan version.
#[utoipa::path(patch, path = "/v1/pilots/{pilot_id}", tag = "Pilots",
    request_body(content = PilotPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed pilot.", body = PilotView)))]
pub async fn update_pilot(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("update_pilot", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<PilotPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see(tx.conn, Some(&actor), id)?;
        tx.permit("update_pilot", &seen.standing)?;
        tx.check_version(seen.row.version)?;
        if !seen.row.status.is_editable() {
            return Err(guards::not_editable(&seen.row));
        }
        let content = apply_patch(&state.schemas, &PilotContent::of(&seen.row), &patch)?;
        let content = references::resolve(tx.conn, content)?;
        let after = save(tx, "update_pilot", &seen.row, with_content(seen.row.clone(), &content))?;
        facets::index(tx.conn, &after)?;
        let view = load::view(tx.conn, Some(&actor), id)?;
        Reply::record(view.version, &view)
    })
    .await
}
