//! What the pilots changed for citizens, above the single pilot: reductions of time, cost and visits by service, sector
//! and programme, and savings by fiscal year.
//!
//! Two things come in from people, and are never changed afterwards, only corrected by a newer revision: how often a
//! service is used and what an hour is worth, and the shares of a service that its pilots have. The rest comes from
//! pilots and measurements, and is carried along in their own transactions ([`follow_pilot`]) into sums by service, so
//! that a figure of the whole programme reads one row a service. Formulas: `reduction` and `savings`; why it is so:
//! `docs/decisions/0023-tcv-figures.md`.

mod access;
mod attributions;
mod basis;
mod create_attribution;
mod create_service_volume;
mod create_value_of_time;
mod effects;
mod exact;
mod gaps;
mod get_attribution;
mod get_pilot_savings;
mod get_programme_savings;
mod get_programme_tcv;
mod get_sector_savings;
mod get_sector_tcv;
mod get_service_savings;
mod get_service_tcv;
mod get_service_volume;
mod get_value_of_time;
mod ids;
mod list_attributions;
mod list_service_volumes;
mod list_values_of_time;
mod money;
mod rebuild;
mod records;
mod reduction;
mod reduction_view;
mod savings;
mod savings_view;
mod sums;
mod time_values;
mod totals;
mod volumes;

#[cfg(test)]
mod model;

pub use effects::{EffectsFollow, follow_pilot};
pub use ids::{AttributionId, ValueOfTimeId, VolumeId};
pub use rebuild::rebuild_if_empty;
pub use records::{Scope, statement};

use crate::platform::web::{Operation, operations};

/// `…/volumes` and `…/attributions` of a service, `/v1/values-of-time`, and the figures: `…/tcv` of services, sectors
/// and the programme, `…/savings` of these and of pilots.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_service_volumes: list_service_volumes;
        create_service_volume: create_service_volume;
        get_service_volume: get_service_volume;
        list_values_of_time: list_values_of_time;
        create_value_of_time: create_value_of_time;
        get_value_of_time: get_value_of_time;
        list_attributions: list_attributions;
        create_attribution: create_attribution;
        get_attribution: get_attribution;
        get_service_tcv: get_service_tcv;
        get_sector_tcv: get_sector_tcv;
        get_programme_tcv: get_programme_tcv;
        get_service_savings: get_service_savings;
        get_sector_savings: get_sector_savings;
        get_programme_savings: get_programme_savings;
        get_pilot_savings: get_pilot_savings;
    }
}
