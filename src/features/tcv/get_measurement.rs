//! Reading one measurement.

use super::{MeasurementId, access::see_measurement, view::MeasurementView};
use crate::platform::web::{Answer, Call, Reply};

/// Read a measurement.
///
/// What an officer has confirmed is for every logged-in person who may see the pilot; before that it is for its team
/// and for staff. What you may not see is 404.
#[utoipa::path(get, path = "/v1/tcv-measurements/{measurement_id}", tag = "TCV",
    responses((status = 200, description = "The measurement.", body = MeasurementView)))]
pub async fn get_measurement(call: Call) -> Answer {
    let id = call.id("measurement_id", MeasurementId::parse)?;
    call.read(move |connection, context| {
        let seen = see_measurement(connection, context.actor.as_ref(), id)?;
        Reply::record(seen.row.version, &MeasurementView::new(seen))
    })
    .await
}
