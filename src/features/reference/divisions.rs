//! The eight divisions.

use super::codes::{self, CodePatch, ListCodesQuery, Scheme, code_view};
use crate::platform::web::{Answer, Body, Call};

code_view! {
    /// A division, by ISO 3166-2:BD.
    DivisionView, DivisionPage, "BD-C"
}

/// List divisions.
///
/// In their customary order.
#[utoipa::path(get, path = "/v1/divisions", tag = "Reference", params(ListCodesQuery),
    responses((status = 200, description = "A page of divisions.", body = DivisionPage)))]
pub async fn list_divisions(call: Call) -> Answer {
    let query: ListCodesQuery = call.query()?;
    codes::list::<DivisionPage>(call, query.page(), Scheme::Division, None).await
}

/// Read a division.
///
/// By its code.
#[utoipa::path(get, path = "/v1/divisions/{division_code}", tag = "Reference",
    responses((status = 200, description = "The division.", body = DivisionView)))]
pub async fn get_division(call: Call) -> Answer {
    codes::get::<DivisionView>(call, Scheme::Division, "division_code").await
}

/// Change a division.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/divisions/{division_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The division as it is now.", body = DivisionView)))]
pub async fn update_division(call: Call, body: Body) -> Answer {
    codes::update::<DivisionView>(call, body, Scheme::Division, "division_code").await
}
