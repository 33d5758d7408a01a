//! What services are about.

use super::codes::{self, CodePatch, ListCodesQuery, Scheme, code_view};
use crate::platform::web::{Answer, Body, Call};

code_view! {
    /// A sector of public service.
    SectorView, SectorPage, "agriculture"
}

/// List sectors.
///
/// In their customary order.
#[utoipa::path(get, path = "/v1/sectors", tag = "Reference", params(ListCodesQuery),
    responses((status = 200, description = "A page of sectors.", body = SectorPage)))]
pub async fn list_sectors(call: Call) -> Answer {
    let query: ListCodesQuery = call.query()?;
    codes::list::<SectorPage>(call, query.page(), Scheme::Sector, None).await
}

/// Read a sector.
///
/// By its code.
#[utoipa::path(get, path = "/v1/sectors/{sector_code}", tag = "Reference",
    responses((status = 200, description = "The sector.", body = SectorView)))]
pub async fn get_sector(call: Call) -> Answer {
    codes::get::<SectorView>(call, Scheme::Sector, "sector_code").await
}

/// Change a sector.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/sectors/{sector_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The sector as it is now.", body = SectorView)))]
pub async fn update_sector(call: Call, body: Body) -> Answer {
    codes::update::<SectorView>(call, body, Scheme::Sector, "sector_code").await
}
