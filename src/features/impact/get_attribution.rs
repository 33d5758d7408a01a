//! One attribution, current or replaced.

use super::{
    AttributionId,
    attributions::{AttributionView, find},
};
use crate::platform::web::{Answer, Call, Reply};

/// Read an attribution.
///
/// With the share of each pilot and the reason.
#[utoipa::path(get, path = "/v1/attributions/{attribution_id}", tag = "Impact",
    responses((status = 200, description = "The attribution.", body = AttributionView)))]
pub async fn get_attribution(call: Call) -> Answer {
    let id = call.id("attribution_id", AttributionId::parse)?;
    call.read(move |connection, _| {
        let view = find(connection, id)?;
        // A later one changes what is shown, so it changes the tag.
        let version = if view.is_current { 1 } else { 2 };
        Reply::record(version, &view)
    })
    .await
}
