//! How reductions are shown: of one service with both sides, of many services with both ways of putting them together.

use chrono::NaiveDate;
use num_bigint::BigInt;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    basis::{Asked, Basis},
    exact::{Fraction, decimal},
    gaps::{FigureGap, LeftOutView},
    money::LargeMoney,
    records::{Scope, ServiceRecord},
    reduction::{Overall, Sides, combined, mean_of_services, pooled, sides},
    totals::{Figure, Totals},
};
use crate::platform::{ids::ServiceId, text_enum::text_enum};

text_enum! {
    /// How the pilots of a service are put together.
    Weighting {
        /// Every pilot alike.
        Equal = "equal",
        /// Each by its share of the service.
        Shares = "shares",
    }
}

/// Time or visits of a service, before and after its pilots.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceQuantityView {
    /// Before, rounded to hundredths; null without a pilot that measured it.
    #[schema(max_length = 42, pattern = r"^[0-9]+\.[0-9]{2}$", example = "100.00")]
    pub baseline: Option<String>,
    /// After, rounded to hundredths.
    #[schema(max_length = 42, pattern = r"^[0-9]+\.[0-9]{2}$", example = "23.00")]
    pub endline: Option<String>,
    /// Of the exact values, half away from zero to one decimal; negative for a worsening.
    #[schema(max_length = 42, pattern = r"^-?[0-9]+\.[0-9]$", example = "77.0")]
    pub reduction_percent: Option<String>,
    /// Why there is no reduction; null when there is one.
    #[schema(inline)]
    pub reason: Option<FigureGap>,
    /// How many pilots measured both sides.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// How they are put together.
    #[schema(inline)]
    pub weighting: Option<Weighting>,
}

/// Cost of a service, before and after its pilots.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceCostView {
    /// Before, rounded to poisha; null without a pilot that measured it.
    pub baseline: Option<LargeMoney>,
    /// After, rounded to poisha.
    pub endline: Option<LargeMoney>,
    /// Of the exact values, half away from zero to one decimal; negative for a worsening.
    #[schema(max_length = 42, pattern = r"^-?[0-9]+\.[0-9]$", example = "97.0")]
    pub reduction_percent: Option<String>,
    /// Why there is no reduction; null when there is one.
    #[schema(inline)]
    pub reason: Option<FigureGap>,
    /// How many pilots measured both sides.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// How they are put together.
    #[schema(inline)]
    pub weighting: Option<Weighting>,
}

/// What the pilots of a service changed together.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceTcvView {
    /// Of which service.
    pub service_id: ServiceId,
    /// The day at whose end the records stood so.
    pub as_of: NaiveDate,
    /// Which measurements count.
    #[schema(inline)]
    pub basis: Basis,
    /// The newest version of the method by which a pilot has both sides; null without one.
    #[schema(max_length = 60, example = "2026.1")]
    pub method_version: Option<String>,
    /// How many pilots have both sides by that version.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// Pilots that have both sides, but are not in it.
    #[schema(max_items = 10)]
    pub pilots_left_out: Vec<LeftOutView>,
    /// The fiscal year of the volume.
    #[schema(max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: String,
    /// How often the service was used in that year; null is not recorded.
    #[schema(minimum = 0)]
    pub volume: Option<i64>,
    /// T, in minutes.
    pub time: ServiceQuantityView,
    /// C, in money.
    pub cost: ServiceCostView,
    /// V, in visits.
    pub visits: ServiceQuantityView,
}

impl ServiceTcvView {
    /// Of one record.
    pub fn new(service_id: ServiceId, asked: &Asked, record: &ServiceRecord) -> Self {
        let combined = combined(&record.totals);
        let mut left_out = super::gaps::Gaps::default();
        left_out.add(FigureGap::OtherMethod, combined.other_method);
        let cost = quantity(&combined.totals, Figure::Cost);
        Self {
            service_id,
            as_of: asked.as_of,
            basis: asked.basis,
            pilots: combined.totals.pilots,
            pilots_left_out: left_out.view(),
            fiscal_year: asked.fiscal_year.to_string(),
            volume: record.volume,
            time: quantity(&combined.totals, Figure::Time),
            cost: ServiceCostView {
                baseline: cost.baseline.map(LargeMoney::new),
                endline: cost.endline.map(LargeMoney::new),
                reduction_percent: cost.reduction_percent,
                reason: cost.reason,
                pilots: cost.pilots,
                weighting: cost.weighting,
            },
            visits: quantity(&combined.totals, Figure::Visits),
            method_version: combined.method_version,
        }
    }
}

fn quantity(totals: &Totals, figure: Figure) -> ServiceQuantityView {
    let totals = totals.figure(figure);
    let found = sides(totals);
    let percent = found.ok_or(FigureGap::NotMeasured).and_then(|sides| sides.reduction()).map(Fraction::percent);
    let side = |of: fn(&Sides) -> i128| {
        let sides = found?;
        Some(decimal(&Fraction::new(BigInt::from(of(&sides)), sides.over)?.rounded(), 2))
    };
    let weighting = |sides: Sides| if sides.is_shared { Weighting::Shares } else { Weighting::Equal };
    ServiceQuantityView {
        baseline: side(|sides| sides.base),
        endline: side(|sides| sides.end),
        reason: percent.as_ref().err().copied(),
        reduction_percent: percent.ok(),
        pilots: totals.measured,
        weighting: found.map(weighting),
    }
}

/// One way of putting services together.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverallReductionView {
    /// Half away from zero to one decimal; negative for a worsening, null when nothing can be stated.
    #[schema(max_length = 42, pattern = r"^-?[0-9]+\.[0-9]$", example = "77.0")]
    pub reduction_percent: Option<String>,
    /// Why it is null.
    #[schema(inline)]
    pub reason: Option<FigureGap>,
    /// n: how many services are in it.
    #[schema(minimum = 0)]
    pub services: i64,
    /// How many pilots.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// The services that are not in it, by reason.
    #[schema(max_items = 10)]
    pub services_left_out: Vec<LeftOutView>,
}

impl From<Overall> for OverallReductionView {
    fn from(overall: Overall) -> Self {
        Self {
            reason: overall.percent.as_ref().err().copied(),
            reduction_percent: overall.percent.ok(),
            services: overall.services,
            pilots: overall.pilots,
            services_left_out: overall.left_out.view(),
        }
    }
}

/// A figure over many services, in both ways.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverallFigureView {
    /// Every service alike: the mean of their reductions.
    pub mean_of_services: OverallReductionView,
    /// Every use of a service alike: by the volumes of the fiscal year.
    pub pooled: OverallReductionView,
}

/// What the pilots of a sector, or all pilots, changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverallTcvView {
    /// Of which sector; null for the whole programme.
    #[schema(max_length = 60, example = "livestock_fisheries")]
    pub sector_code: Option<String>,
    /// The day at whose end the records stood so.
    pub as_of: NaiveDate,
    /// Which measurements count.
    #[schema(inline)]
    pub basis: Basis,
    /// The fiscal year of the volumes.
    #[schema(max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: String,
    /// How many services there are: those in a figure and those left out.
    #[schema(minimum = 0)]
    pub services: i64,
    /// How many pilots have both sides.
    #[schema(minimum = 0)]
    pub pilots: i64,
    /// T.
    pub time: OverallFigureView,
    /// C.
    pub cost: OverallFigureView,
    /// V.
    pub visits: OverallFigureView,
}

impl OverallTcvView {
    /// Of many records.
    pub fn new(scope: &Scope, asked: &Asked, records: &[ServiceRecord]) -> Self {
        let figure = |figure| OverallFigureView {
            mean_of_services: mean_of_services(records, figure).into(),
            pooled: pooled(records, figure).into(),
        };
        Self {
            sector_code: match scope {
                Scope::Sector(code) => Some(code.clone()),
                Scope::Service(_) | Scope::Programme => None,
            },
            as_of: asked.as_of,
            basis: asked.basis,
            fiscal_year: asked.fiscal_year.to_string(),
            services: i64::try_from(records.len()).unwrap_or(i64::MAX),
            pilots: records.iter().map(|record| record.totals.pilots()).sum(),
            time: figure(Figure::Time),
            cost: figure(Figure::Cost),
            visits: figure(Figure::Visits),
        }
    }
}
