//! One volume, current or corrected.

use super::{
    VolumeId,
    volumes::{ServiceVolumeView, find},
};
use crate::platform::web::{Answer, Call, Reply};

/// Read a recorded volume.
///
/// With its source. Note and author are told to logged-in people.
#[utoipa::path(get, path = "/v1/service-volumes/{volume_id}", tag = "Impact",
    responses((status = 200, description = "The volume.", body = ServiceVolumeView)))]
pub async fn get_service_volume(call: Call) -> Answer {
    let id = call.id("volume_id", VolumeId::parse)?;
    call.read(move |connection, context| {
        let (row, is_current) = find(connection, id)?;
        // A correction changes what is shown, so it changes the tag.
        let version = if is_current { 1 } else { 2 };
        Reply::record(version, &ServiceVolumeView::new(row, is_current, context.actor.is_some()))
    })
    .await
}
