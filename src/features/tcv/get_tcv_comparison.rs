//! What the pilot changed for citizens: baseline against endline, figure by figure.
//!
//! Officials see it from what was verified, anyone else from what was published. Nothing is left out and nothing
//! clipped: a worsening is shown as one.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MeasurementId,
    comparison::{ReductionGap, reduction},
    pair::pair,
    rows::{MeasurementRow, in_force},
    status::MeasurementStatus,
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        ids::ServiceId,
        money::Money,
        quantity::Hundredths,
        web::{Answer, Call, Reply},
    },
};

/// One of the two measurements that are compared.
#[derive(Serialize, ToSchema)]
pub struct ComparedMeasurementView {
    /// Its identifier.
    pub id: MeasurementId,
    /// How many citizens were asked.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub sample_size: i32,
    /// First day.
    pub period_start_on: NaiveDate,
    /// Last day.
    pub period_end_on: NaiveDate,
    /// ISO 3166-2:BD code of the district.
    #[schema(max_length = 5, example = "BD-28")]
    pub district_code: Option<String>,
    /// Whether it is verified or published.
    #[schema(inline)]
    pub status: MeasurementStatus,
}

/// A figure in minutes or visits, before and after.
#[derive(Serialize, ToSchema)]
pub struct QuantityComparisonView {
    /// Before; null is not measured.
    #[schema(value_type = Option<String>, max_length = 22, pattern = r"^[0-9]+\.[0-9]{2}$", example = "100.00")]
    pub baseline: Option<Hundredths>,
    /// After; null is not measured.
    #[schema(value_type = Option<String>, max_length = 22, pattern = r"^[0-9]+\.[0-9]{2}$", example = "23.00")]
    pub endline: Option<Hundredths>,
    /// (baseline - endline) / baseline × 100, half away from zero to one decimal; negative for a worsening.
    #[schema(max_length = 24, pattern = r"^-?[0-9]+\.[0-9]$", example = "77.0")]
    pub reduction_percent: Option<String>,
    /// Why there is no reduction; null when there is one.
    #[schema(inline)]
    pub reason: Option<ReductionGap>,
}

/// A figure in money, before and after.
#[derive(Serialize, ToSchema)]
pub struct MoneyComparisonView {
    /// Before; null is not measured.
    pub baseline: Option<Money>,
    /// After; null is not measured.
    pub endline: Option<Money>,
    /// (baseline - endline) / baseline × 100, half away from zero to one decimal; negative for a worsening.
    #[schema(max_length = 24, pattern = r"^-?[0-9]+\.[0-9]$", example = "97.0")]
    pub reduction_percent: Option<String>,
    /// Why there is no reduction; null when there is one.
    #[schema(inline)]
    pub reason: Option<ReductionGap>,
}

/// T, in minutes.
#[derive(Serialize, ToSchema)]
pub struct TimeComparisonView {
    /// All parts together.
    pub total: QuantityComparisonView,
    /// On the way.
    pub travel: QuantityComparisonView,
    /// Waiting.
    pub waiting: QuantityComparisonView,
    /// Being served.
    pub processing: QuantityComparisonView,
}

/// C, in money.
#[derive(Serialize, ToSchema)]
pub struct CostComparisonView {
    /// All parts together.
    pub total: MoneyComparisonView,
    /// For the way.
    pub travel: MoneyComparisonView,
    /// Official fees.
    pub fees: MoneyComparisonView,
    /// For someone's help.
    pub assistance: MoneyComparisonView,
    /// For calls, copies and post.
    pub communication: MoneyComparisonView,
    /// For anything else.
    pub other: MoneyComparisonView,
}

/// V, in visits.
#[derive(Serialize, ToSchema)]
pub struct VisitsComparisonView {
    /// All parts together.
    pub total: QuantityComparisonView,
    /// To apply.
    pub apply: QuantityComparisonView,
    /// To ask how it stands.
    pub follow_up: QuantityComparisonView,
    /// To collect the result.
    pub collect: QuantityComparisonView,
}

/// What a pilot changed.
#[derive(Serialize, ToSchema)]
pub struct TcvComparisonView {
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Of which public service; null while the pilot names none.
    pub service_id: Option<ServiceId>,
    /// By which version of the method; null without a measurement.
    #[schema(max_length = 60, example = "2026.1")]
    pub method_version: Option<String>,
    /// Before.
    pub baseline: Option<ComparedMeasurementView>,
    /// After.
    pub endline: Option<ComparedMeasurementView>,
    /// T.
    pub time: TimeComparisonView,
    /// C.
    pub cost: CostComparisonView,
    /// V.
    pub visits: VisitsComparisonView,
}

/// Compare baseline and endline.
///
/// Of the pilot's service, by the same version of the method; for anyone from published measurements, for logged-in
/// people from verified ones too. A percentage that cannot be stated is null, and `reason` says why.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/tcv-comparison", tag = "TCV",
    responses((status = 200, description = "The comparison.", body = TcvComparisonView)))]
pub async fn get_tcv_comparison(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        let pilot = see(connection, context.actor.as_ref(), id)?;
        let mut rows = match pilot.row.service_id {
            Some(service) => in_force(connection, id, service)?,
            None => Vec::new(),
        };
        rows.retain(|row| pilot.standing.logged_in || row.status == MeasurementStatus::Published);
        let (baseline, endline) = pair(&rows);
        Reply::ok(&view(id, pilot.row.service_id, baseline, endline))
    })
    .await
}

fn view(
    pilot_id: PilotId,
    service_id: Option<ServiceId>,
    baseline: Option<&MeasurementRow>,
    endline: Option<&MeasurementRow>,
) -> TcvComparisonView {
    let compared = |row: &MeasurementRow| ComparedMeasurementView {
        id: row.id,
        sample_size: row.sample_size,
        period_start_on: row.period_start_on,
        period_end_on: row.period_end_on,
        district_code: row.district_code.clone(),
        status: row.status,
    };
    let quantity = |figure: fn(&MeasurementRow) -> Option<i64>| {
        let Compared { before, after, percent, gap } = compare(baseline, endline, figure);
        QuantityComparisonView {
            baseline: before.map(Hundredths::new),
            endline: after.map(Hundredths::new),
            reduction_percent: percent,
            reason: gap,
        }
    };
    let money = |figure: fn(&MeasurementRow) -> Option<i64>| {
        let Compared { before, after, percent, gap } = compare(baseline, endline, figure);
        MoneyComparisonView {
            baseline: before.map(Money::from_poisha),
            endline: after.map(Money::from_poisha),
            reduction_percent: percent,
            reason: gap,
        }
    };
    TcvComparisonView {
        pilot_id,
        service_id,
        method_version: baseline.or(endline).map(|row| row.method_version.clone()),
        baseline: baseline.map(compared),
        endline: endline.map(compared),
        time: TimeComparisonView {
            total: quantity(MeasurementRow::time_total),
            travel: quantity(|row| row.time_travel),
            waiting: quantity(|row| row.time_waiting),
            processing: quantity(|row| row.time_processing),
        },
        cost: CostComparisonView {
            total: money(MeasurementRow::cost_total),
            travel: money(|row| row.cost_travel),
            fees: money(|row| row.cost_fees),
            assistance: money(|row| row.cost_assistance),
            communication: money(|row| row.cost_communication),
            other: money(|row| row.cost_other),
        },
        visits: VisitsComparisonView {
            total: quantity(MeasurementRow::visits_total),
            apply: quantity(|row| row.visits_apply),
            follow_up: quantity(|row| row.visits_follow_up),
            collect: quantity(|row| row.visits_collect),
        },
    }
}

struct Compared {
    before: Option<i64>,
    after: Option<i64>,
    percent: Option<String>,
    gap: Option<ReductionGap>,
}

/// One figure of both sides. A side that is missing altogether is a reason of its own.
fn compare(
    baseline: Option<&MeasurementRow>,
    endline: Option<&MeasurementRow>,
    figure: fn(&MeasurementRow) -> Option<i64>,
) -> Compared {
    let (before, after) = (baseline.and_then(figure), endline.and_then(figure));
    let outcome = match (baseline, endline) {
        (None, _) => Err(ReductionGap::NoBaseline),
        (_, None) => Err(ReductionGap::NoEndline),
        (Some(_), Some(_)) => reduction(before, after),
    };
    let (percent, gap) = match outcome {
        Ok(found) => (Some(found.to_string()), None),
        Err(gap) => (None, Some(gap)),
    };
    Compared { before, after, percent, gap }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::tcv::{pair::tests::measurement, status::MeasurementKind};

    #[test]
    fn the_first_missing_thing_is_the_reason() {
        let row = measurement(1, MeasurementKind::Baseline, "2026.1");
        let gap = |baseline, endline, figure| compare(baseline, endline, figure).gap;
        assert_eq!(gap(None, None, |row| row.time_travel), Some(ReductionGap::NoBaseline));
        assert_eq!(gap(Some(&row), None, |row| row.time_travel), Some(ReductionGap::NoEndline));
        assert_eq!(gap(Some(&row), Some(&row), |row| row.cost_fees), Some(ReductionGap::NotMeasured));
        assert_eq!(gap(Some(&row), Some(&row), MeasurementRow::time_total), Some(ReductionGap::NotMeasured));
        let same = compare(Some(&row), Some(&row), |row| row.time_travel);
        assert_eq!((same.percent.as_deref(), same.gap), (Some("0.0"), None));
    }
}
