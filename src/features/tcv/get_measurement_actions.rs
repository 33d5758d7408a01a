//! What may I do to a measurement, and why not.

use super::{MeasurementId, access::see_measurement, guards::actions};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a measurement.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/tcv-measurements/{measurement_id}/actions", tag = "TCV",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_measurement_actions(call: Call) -> Answer {
    let id = call.id("measurement_id", MeasurementId::parse)?;
    call.read(move |connection, context| {
        let seen = see_measurement(connection, context.actor.as_ref(), id)?;
        Reply::ok(&ActionsView::new(actions(&seen), context.meta.language))
    })
    .await
}
