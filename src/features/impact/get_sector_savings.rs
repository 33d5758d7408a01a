//! What citizens were spared by the pilots of a sector: see `savings` for the formulas.

use super::{
    basis::{Asked, FigureQuery},
    records::{Scope, services, value_of_time},
    savings::spared,
    savings_view::{SavingsView, Whose},
    totals::Figure,
};
use crate::{
    features::reference,
    platform::web::{Answer, Call, Reply},
};

/// Read the savings in a sector.
///
/// Money, and apart from it time with its value. Each pilot counts by its share of the service, in fiscal years that
/// begin after its endline was over, once it has passed gate 2. Anyone sees what rests on public pilots and published
/// measurements, logged-in people what rests on verified ones. What cannot be stated is null, with the reason.
#[utoipa::path(get, path = "/v1/sectors/{sector_code}/savings", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What citizens were spared.", body = SavingsView)))]
pub async fn get_sector_savings(call: Call) -> Answer {
    let code = call.path_parameter("sector_code")?.to_owned();
    let asked = Asked::of(&call)?;
    call.read(move |connection, _| {
        reference::sector_must_exist(connection, &code)?;
        let records = services(connection, &Scope::Sector(code.clone()), &asked)?;
        let year = asked.fiscal_year;
        let (cost, time) = (spared(&records, Figure::Cost, year), spared(&records, Figure::Time, year));
        let per_hour = value_of_time(connection, &asked)?;
        let whose = Whose { sector_code: Some(code), ..Whose::default() };
        Reply::ok(&SavingsView::new(whose, &asked, per_hour, cost, time))
    })
    .await
}
