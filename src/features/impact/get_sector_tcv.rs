//! What the pilots of a sector changed: see `reduction` for the formulas.

use super::{
    basis::{Asked, FigureQuery},
    records::{Scope, services},
    reduction_view::OverallTcvView,
};
use crate::{
    features::reference,
    platform::web::{Answer, Call, Reply},
};

/// Read what changed in a sector.
///
/// The reduction of time, cost and visits over its services, as the mean of the services and pooled by volume, each with
/// n and with what was left out. Anyone sees what rests on public pilots and published measurements, logged-in people
/// what rests on verified ones.
#[utoipa::path(get, path = "/v1/sectors/{sector_code}/tcv", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What changed.", body = OverallTcvView)))]
pub async fn get_sector_tcv(call: Call) -> Answer {
    let code = call.path_parameter("sector_code")?.to_owned();
    let asked = Asked::of(&call)?;
    call.read(move |connection, _| {
        reference::sector_must_exist(connection, &code)?;
        let scope = Scope::Sector(code);
        let records = services(connection, &scope, &asked)?;
        Reply::ok(&OverallTcvView::new(&scope, &asked, &records))
    })
    .await
}
