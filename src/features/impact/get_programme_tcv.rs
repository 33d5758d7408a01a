//! What all pilots changed: see `reduction` for the formulas.

use super::{
    basis::{Asked, FigureQuery},
    records::{Scope, services},
    reduction_view::OverallTcvView,
};
use crate::platform::web::{Answer, Call, Reply};

/// Read what the programme changed.
///
/// The reduction of time, cost and visits over all services, as the mean of the services and pooled by volume, each with
/// n and with what was left out. Anyone sees what rests on public pilots and published measurements, logged-in people
/// what rests on verified ones.
#[utoipa::path(get, path = "/v1/programme/tcv", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What changed.", body = OverallTcvView)))]
pub async fn get_programme_tcv(call: Call) -> Answer {
    let asked = Asked::of(&call)?;
    call.read(move |connection, _| {
        let records = services(connection, &Scope::Programme, &asked)?;
        Reply::ok(&OverallTcvView::new(&Scope::Programme, &asked, &records))
    })
    .await
}
