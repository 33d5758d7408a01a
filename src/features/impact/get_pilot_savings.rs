//! What citizens were spared by one pilot, by its share of the service: see `savings` for the formulas.

use super::{
    basis::{Asked, FigureQuery},
    records::{Scope, ServiceRecord, effect_of, services, value_of_time},
    savings::spared_by,
    savings_view::{SavingsView, Whose},
    totals::{Figure, ServiceTotals},
};
use crate::{
    features::pilots::{PilotId, see},
    platform::web::{Answer, Call, Reply},
};

/// Read the savings of a pilot.
///
/// Money, and apart from it time with its value. Each pilot counts by its share of the service, in fiscal years that
/// begin after its endline was over, once it has passed gate 2. Anyone sees what rests on public pilots and published
/// measurements, logged-in people what rests on verified ones. What cannot be stated is null, with the reason.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/savings", tag = "Impact", params(FigureQuery),
    responses((status = 200, description = "What citizens were spared.", body = SavingsView)))]
pub async fn get_pilot_savings(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let asked = Asked::of(&call)?;
    call.read(move |connection, context| {
        let pilot = see(connection, context.actor.as_ref(), id)?.row;
        let effect = effect_of(connection, id, &asked)?;
        let record = match pilot.service_id {
            Some(service) => services(connection, &Scope::Service(service), &asked)?.pop().unwrap_or_default(),
            None => ServiceRecord::default(),
        };
        let own = effect
            .map(|row| ServiceTotals::of_one(&row.method_version, row.saves_from, row.totals()))
            .unwrap_or_default();
        let is_sole = record.totals.is_sole(asked.fiscal_year);
        let by = |figure| spared_by(&own, record.volume, figure, asked.fiscal_year, is_sole);
        let per_hour = value_of_time(connection, &asked)?;
        let whose = Whose { pilot_id: Some(id), ..Whose::default() };
        Reply::ok(&SavingsView::new(whose, &asked, per_hour, by(Figure::Cost), by(Figure::Time)))
    })
    .await
}
