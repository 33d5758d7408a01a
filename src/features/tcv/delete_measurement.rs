//! Deleting a draft; what was handed in stays for ever.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{MeasurementId, access::see_measurement, guards, rows::MeasurementRow};
use crate::platform::{
    db::schema::tcv_measurements,
    web::{Answer, Body, Call, Reply},
};

/// Delete a draft of a measurement.
///
/// Only a draft that was never submitted.
#[utoipa::path(delete, path = "/v1/tcv-measurements/{measurement_id}", tag = "TCV",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete_measurement(call: Call, body: Body) -> Answer {
    let id = call.id("measurement_id", MeasurementId::parse)?;
    call.look(move |connection, context| {
        let seen = see_measurement(connection, context.actor.as_ref(), id)?;
        context.permit("delete_measurement", &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_measurement(tx.conn, Some(&actor), id)?;
        tx.permit("delete_measurement", &seen.standing)?;
        tx.check_version(seen.row.version)?;
        if let Some(obstacle) = guards::deletion_obstacle(seen.row.status) {
            return Err(obstacle);
        }
        delete(tcv_measurements::table.find(id)).execute(tx.conn)?;
        tx.audit::<MeasurementRow>("tcv_measurement", id.as_str(), Some(&seen.row), None)?;
        Ok(Reply::no_content())
    })
    .await
}
