//! A new measurement: a draft of the pilot's team.

use diesel::{RunQueryDsl, insert_into};

use super::{
    access::SeenMeasurement,
    content::MeasurementContent,
    guards,
    resolve::{resolve, with_content},
    rows::MeasurementRow,
    status::MeasurementStatus,
    view::MeasurementView,
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::tcv_measurements,
        error::AppError,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Record a measurement.
///
/// It begins as a draft, seen by the pilot's team and by staff. Leave out, or set to null, what was not measured: a
/// total with a gap is null, never too small.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/tcv-measurements", tag = "TCV", request_body = MeasurementContent,
    responses((status = 201, description = "The draft.", body = MeasurementView)))]
pub async fn create_measurement(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let pilot = see(connection, context.actor.as_ref(), id)?;
        context.permit("create_measurement", &pilot.standing)
    })
    .await?;
    let content: MeasurementContent = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &content)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, content: &MeasurementContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let pilot = see(tx.conn, Some(&actor), id)?;
    tx.permit("create_measurement", &pilot.standing)?;
    if let Some(obstacle) = guards::ended_obstacle(&pilot.row) {
        return Err(obstacle);
    }
    let resolved = resolve(tx.conn, &pilot.row, content, tx.now.day_in_dhaka())?;
    let blank = MeasurementRow {
        id: tx.new_id(),
        pilot_id: id,
        service_id: resolved.service_id,
        kind: content.kind,
        method_version: String::new(),
        sample_size: content.sample_size,
        period_start_on: content.period_start_on,
        period_end_on: content.period_end_on,
        district_code: None,
        time_travel: None,
        time_waiting: None,
        time_processing: None,
        cost_travel: None,
        cost_fees: None,
        cost_assistance: None,
        cost_communication: None,
        cost_other: None,
        visits_apply: None,
        visits_follow_up: None,
        visits_collect: None,
        status: MeasurementStatus::Draft,
        created_by: actor.user_id,
        submitted_at: None,
        verified_by: None,
        verified_at: None,
        return_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let row = with_content(blank, content, resolved);
    insert_into(tcv_measurements::table).values(&row).execute(tx.conn)?;
    tx.audit("tcv_measurement", row.id.as_str(), None, Some(&row))?;
    let (id, version) = (row.id, row.version);
    let view = MeasurementView::new(SeenMeasurement::new(row, pilot, Some(&actor)));
    Reply::created(format!("/v1/tcv-measurements/{id}"), version, &view)
}
