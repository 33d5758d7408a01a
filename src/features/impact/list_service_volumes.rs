//! What was recorded of a service's use, year by year, with every correction.

use super::{
    access::must_exist,
    basis::year_filter,
    volumes::{ServiceVolumeView, VolumeFilter, VolumeRow, page},
};
use crate::platform::{
    ids::ServiceId,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which volumes of a service.
    ListServiceVolumesQuery {
        /// Those of this fiscal year.
        #[param(min_length = 7, max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
        fiscal_year: Option<String>,
        /// Without those that were corrected.
        #[param(default = false)]
        only_current: Option<bool>,
    }
}

page_view! {
    /// A page of volumes.
    ServiceVolumePage of ServiceVolumeView
}

/// List a service's volumes.
///
/// In the order of their recording, corrected ones included: the history is never changed.
#[utoipa::path(get, path = "/v1/services/{service_id}/volumes", tag = "Impact", params(ListServiceVolumesQuery),
    responses((status = 200, description = "A page of volumes.", body = ServiceVolumePage)))]
pub async fn list_service_volumes(call: Call) -> Answer {
    let service = call.id("service_id", ServiceId::parse)?;
    let query: ListServiceVolumesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    let year = year_filter(query.fiscal_year.as_deref())?;
    let filter = VolumeFilter { service, year, only_current: query.only_current == Some(true) };
    call.read(move |connection, context| {
        must_exist(connection, service)?;
        let total = slice.total(|most| page(connection, filter, None, most))?;
        let rows = page(connection, filter, slice.after_id(), slice.fetch())?;
        let cursor = |(row, _): &(VolumeRow, bool)| Cursor { key: String::new(), id: row.id.to_string() };
        let logged_in = context.actor.is_some();
        ServiceVolumePage::reply(context, &slice, rows, total, cursor, |(row, is_current)| {
            ServiceVolumeView::new(row, is_current, logged_in)
        })
    })
    .await
}
