//! What citizens were spared by all pilots: see `savings` for the formulas.

use super::{
    basis::{Asked, FigureQuery},
    records::{Scope, services, value_of_time},
    savings::spared,
    savings_view::{SavingsView, Whose},
    totals::Figure,
};
use crate::platform::web::{Answer, Call, Reply};

/// Read the savings of the programme.
///
/// Money, and apart from it time with its value. Each pilot counts by its share of the service, in fiscal years that
/// begin after its endline was over, once it has passed gate 2. Anyone sees what rests on public pilots and published
/// measurements, logged-in people what rests on verified ones. What cannot be stated is null, with the reason.
#[utoipa::path(get, path = "/v1/programme/savings", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What citizens were spared.", body = SavingsView)))]
pub async fn get_programme_savings(call: Call) -> Answer {
    let asked = Asked::of(&call)?;
    call.read(move |connection, _| {
        let records = services(connection, &Scope::Programme, &asked)?;
        let year = asked.fiscal_year;
        let (cost, time) = (spared(&records, Figure::Cost, year), spared(&records, Figure::Time, year));
        let per_hour = value_of_time(connection, &asked)?;
        Reply::ok(&SavingsView::new(Whose::default(), &asked, per_hour, cost, time))
    })
    .await
}
