//! Editing a measurement, as long as it has not been handed in or has come back.

use super::{
    MeasurementId,
    access::{SeenMeasurement, see_measurement},
    content::{MeasurementContent, MeasurementPatch},
    guards,
    resolve::{resolve, with_content},
    rows::save,
    view::MeasurementView,
};
use crate::platform::web::{Answer, Body, Call, Reply, body::apply_patch};

/// Change a measurement.
///
/// A merge patch (RFC 7396). Only a draft, or a measurement that was sent back, can be edited; a part set to null
/// counts as not measured.
#[utoipa::path(patch, path = "/v1/tcv-measurements/{measurement_id}", tag = "TCV",
    request_body(content = MeasurementPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed measurement.", body = MeasurementView)))]
pub async fn update_measurement(call: Call, body: Body) -> Answer {
    let id = call.id("measurement_id", MeasurementId::parse)?;
    call.look(move |connection, context| {
        let seen = see_measurement(connection, context.actor.as_ref(), id)?;
        context.permit("update_measurement", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<MeasurementPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_measurement(tx.conn, Some(&actor), id)?;
        tx.permit("update_measurement", &seen.standing)?;
        tx.check_version(seen.row.version)?;
        let obstacle = guards::edit_obstacle(seen.row.status).or_else(|| guards::ended_obstacle(&seen.pilot));
        if let Some(obstacle) = obstacle {
            return Err(obstacle);
        }
        let content: MeasurementContent = apply_patch(&state.schemas, &MeasurementContent::of(&seen.row), &patch)?;
        let resolved = resolve(tx.conn, &seen.pilot, &content, tx.now.day_in_dhaka())?;
        let row = save(tx, "update_measurement", &seen.row, with_content(seen.row.clone(), &content, resolved))?;
        Reply::record(row.version, &MeasurementView::new(SeenMeasurement { row, ..seen }))
    })
    .await
}
