//! What the pilots of a service changed together: see `reduction` for the formulas.

use super::{
    access::must_exist,
    basis::{Asked, FigureQuery},
    records::{Scope, services},
    reduction_view::ServiceTcvView,
};
use crate::platform::{
    ids::ServiceId,
    web::{Answer, Call, Reply},
};

/// Read what changed in a service.
///
/// Time, cost and visits before and after its pilots, of those that passed gate 1 and have a baseline and an endline by
/// the newest version of the method. Where each has a share of the service they count by it, else alike. Anyone sees
/// what rests on public pilots and published measurements, logged-in people what rests on verified ones. What cannot be
/// stated is null, with the reason.
#[utoipa::path(get, path = "/v1/services/{service_id}/tcv", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What changed.", body = ServiceTcvView)))]
pub async fn get_service_tcv(call: Call) -> Answer {
    let id = call.id("service_id", ServiceId::parse)?;
    let asked = Asked::of(&call)?;
    call.read(move |connection, _| {
        must_exist(connection, id)?;
        let records = services(connection, &Scope::Service(id), &asked)?;
        Reply::ok(&ServiceTcvView::new(id, &asked, records.first().unwrap_or(&Default::default())))
    })
    .await
}
