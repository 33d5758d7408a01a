//! The 64 districts.

use super::codes::{self, CodePatch, Scheme, code_view};
use crate::platform::web::{Answer, Body, Call, page_query};

code_view! {
    /// A district, by ISO 3166-2:BD.
    DistrictView, DistrictPage, "BD-13",
    /// The division it lies in.
    division_code
}

page_query! {
    /// Which of them.
    ListDistrictsQuery {
        /// Only those of this division.
        #[param(min_length = 1, max_length = 60)]
        division: Option<String>,
    }
}

/// List districts.
///
/// In their customary order.
#[utoipa::path(get, path = "/v1/districts", tag = "Reference", params(ListDistrictsQuery),
    responses((status = 200, description = "A page of districts.", body = DistrictPage)))]
pub async fn list_districts(call: Call) -> Answer {
    let query: ListDistrictsQuery = call.query()?;
    let page = query.page();
    codes::list::<DistrictPage>(call, page, Scheme::District, query.division).await
}

/// Read a district.
///
/// By its code.
#[utoipa::path(get, path = "/v1/districts/{district_code}", tag = "Reference",
    responses((status = 200, description = "The district.", body = DistrictView)))]
pub async fn get_district(call: Call) -> Answer {
    codes::get::<DistrictView>(call, Scheme::District, "district_code").await
}

/// Change a district.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/districts/{district_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The district as it is now.", body = DistrictView)))]
pub async fn update_district(call: Call, body: Body) -> Answer {
    codes::update::<DistrictView>(call, body, Scheme::District, "district_code").await
}
