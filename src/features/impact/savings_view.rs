//! How savings are shown: money and time apart, each with what was left out.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    basis::{Asked, Basis},
    gaps::{FigureGap, LeftOutView},
    money::LargeMoney,
    savings::{Spared, valued, written},
};
use crate::{
    features::pilots::PilotId,
    platform::{ids::ServiceId, money::Money},
};

/// Money that citizens were spared.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostSavingsView {
    /// N × (C_base - C_end); negative for a worsening, null when nothing can be stated.
    pub saved: Option<LargeMoney>,
    /// Why it is null.
    #[schema(inline)]
    pub reason: Option<FigureGap>,
    /// How many services are in it.
    #[schema(minimum = 0)]
    pub services: i64,
    /// How many pilots.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// The services that are not, each with its chief reason.
    #[schema(max_items = 10)]
    pub services_left_out: Vec<LeftOutView>,
    /// The pilots that are not.
    #[schema(max_items = 10)]
    pub pilots_left_out: Vec<LeftOutView>,
}

/// Time that citizens were spared.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimeSavingsView {
    /// N × (T_base - T_end) in minutes; negative for a worsening, null when nothing can be stated.
    #[schema(max_length = 42, pattern = r"^-?[0-9]+\.[0-9]{2}$", example = "3234000.00")]
    pub minutes: Option<String>,
    /// The same at the year's value of an hour; never to be added to the money above.
    pub value: Option<LargeMoney>,
    /// Why the value is null.
    #[schema(inline)]
    pub reason: Option<FigureGap>,
    /// How many services are in it.
    #[schema(minimum = 0)]
    pub services: i64,
    /// How many pilots.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// The services that are not, each with its chief reason.
    #[schema(max_items = 10)]
    pub services_left_out: Vec<LeftOutView>,
    /// The pilots that are not.
    #[schema(max_items = 10)]
    pub pilots_left_out: Vec<LeftOutView>,
}

/// Of whom the savings are; at most one is not null, none for the whole programme.
#[derive(Clone, Debug, Default)]
pub struct Whose {
    /// A pilot.
    pub pilot_id: Option<PilotId>,
    /// A service.
    pub service_id: Option<ServiceId>,
    /// A sector.
    pub sector_code: Option<String>,
}

/// What citizens were spared in a fiscal year.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavingsView {
    /// Of which pilot.
    pub pilot_id: Option<PilotId>,
    /// Of which service.
    pub service_id: Option<ServiceId>,
    /// Of which sector.
    #[schema(max_length = 60, example = "livestock_fisheries")]
    pub sector_code: Option<String>,
    /// In which fiscal year.
    #[schema(max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: String,
    /// The day at whose end the records stood so.
    pub as_of: NaiveDate,
    /// Which measurements count.
    #[schema(inline)]
    pub basis: Basis,
    /// What an hour was worth in that year; null is not recorded.
    pub value_of_time_per_hour: Option<Money>,
    /// Money.
    pub cost: CostSavingsView,
    /// Time.
    pub time: TimeSavingsView,
}

impl SavingsView {
    /// Of what was computed.
    pub fn new(whose: Whose, asked: &Asked, per_hour: Option<i64>, cost: Spared, time: Spared) -> Self {
        let value = time.amount.as_ref().map(|amount| per_hour.and_then(|value| valued(amount, value)));
        let time_reason = match &value {
            None => Some(time.services_left_out.chief()),
            Some(None) => Some(FigureGap::NoValueOfTime),
            Some(Some(_)) => None,
        };
        Self {
            pilot_id: whose.pilot_id,
            service_id: whose.service_id,
            sector_code: whose.sector_code,
            fiscal_year: asked.fiscal_year.to_string(),
            as_of: asked.as_of,
            basis: asked.basis,
            value_of_time_per_hour: per_hour.map(Money::from_poisha),
            cost: CostSavingsView {
                saved: cost.amount.as_ref().and_then(written).map(LargeMoney::new),
                reason: cost.amount.is_none().then(|| cost.services_left_out.chief()),
                services: cost.services,
                pilots: cost.pilots,
                services_left_out: cost.services_left_out.view(),
                pilots_left_out: cost.pilots_left_out.view(),
            },
            time: TimeSavingsView {
                minutes: time.amount.as_ref().and_then(written),
                value: value.flatten().map(LargeMoney::new),
                reason: time_reason,
                services: time.services,
                pilots: time.pilots,
                services_left_out: time.services_left_out.view(),
                pilots_left_out: time.pilots_left_out.view(),
            },
        }
    }
}
