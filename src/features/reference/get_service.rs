//! One service.

use super::services::{ServiceView, the_service};
use crate::platform::{
    ids::ServiceId,
    web::{Answer, Call, Reply},
};

/// Read a service.
///
/// With its sector and the organisation that answers for it.
#[utoipa::path(get, path = "/v1/services/{service_id}", tag = "Reference",
    responses((status = 200, description = "The service.", body = ServiceView)))]
pub async fn get_service(call: Call) -> Answer {
    let id = call.id("service_id", ServiceId::parse)?;
    call.read(move |connection, _| {
        let row = the_service(connection, id)?;
        Reply::record(row.version, &ServiceView::from(row))
    })
    .await
}
