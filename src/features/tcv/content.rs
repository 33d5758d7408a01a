//! What a team writes of a measurement: the body of `create_measurement`, and what a merge patch changes.
//!
//! Every part may be absent or null, which means: not measured. It never means nothing, which is `"0.00"`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    parts::{TcvCostInput, TcvTimeInput, TcvVisitsInput},
    rows::MeasurementRow,
    status::MeasurementKind,
};
use crate::platform::ids::ServiceId;

/// A measurement as the team writes it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "baseline", "sample_size": 40, "period_start_on": "2026-01-04", "period_end_on": "2026-01-29",
    "district_code": "BD-28",
    "time": {"travel": "60.00", "waiting": "30.00", "processing": "10.00"},
    "visits": {"apply": "1.00", "follow_up": "2.50", "collect": null}
}))]
pub struct MeasurementContent {
    /// What it is taken for.
    #[schema(inline)]
    pub kind: MeasurementKind,
    /// The public service that was measured; that of the pilot unless given.
    #[serde(default)]
    pub service_id: Option<ServiceId>,
    /// The version of the method that was followed; the newest unless given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60, example = "2026.1")]
    pub method_version: Option<String>,
    /// How many citizens were asked.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub sample_size: i32,
    /// The first day of the measurement.
    pub period_start_on: NaiveDate,
    /// Its last day, not in the future.
    pub period_end_on: NaiveDate,
    /// Where: ISO 3166-2:BD code of a district.
    #[serde(default)]
    #[schema(min_length = 5, max_length = 5, pattern = "^BD-[0-9]{2}$", example = "BD-28")]
    pub district_code: Option<String>,
    /// T: minutes; null is not measured.
    #[serde(default)]
    pub time: Option<TcvTimeInput>,
    /// C: money; null is not measured.
    #[serde(default)]
    pub cost: Option<TcvCostInput>,
    /// V: visits; null is not measured.
    #[serde(default)]
    pub visits: Option<TcvVisitsInput>,
}

/// Changes to a measurement (RFC 7396): what is absent stays; null makes a part not measured, the service that of the
/// pilot, the method the newest.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the members of a merge patch; the merged record is read as MeasurementContent")]
#[schema(example = json!({"sample_size": 45, "time": {"waiting": "25.00"}}))]
pub struct MeasurementPatch {
    #[schema(inline, nullable = false)]
    kind: Option<MeasurementKind>,
    service_id: Option<ServiceId>,
    #[schema(min_length = 1, max_length = 60)]
    method_version: Option<String>,
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000)]
    sample_size: Option<i32>,
    #[schema(nullable = false)]
    period_start_on: Option<NaiveDate>,
    #[schema(nullable = false)]
    period_end_on: Option<NaiveDate>,
    #[schema(min_length = 5, max_length = 5, pattern = "^BD-[0-9]{2}$")]
    district_code: Option<String>,
    time: Option<TcvTimeInput>,
    cost: Option<TcvCostInput>,
    visits: Option<TcvVisitsInput>,
}

impl MeasurementContent {
    /// The content of a stored measurement, to be patched.
    pub fn of(row: &MeasurementRow) -> Self {
        Self {
            kind: row.kind,
            service_id: Some(row.service_id),
            method_version: Some(row.method_version.clone()),
            sample_size: row.sample_size,
            period_start_on: row.period_start_on,
            period_end_on: row.period_end_on,
            district_code: row.district_code.clone(),
            time: Some(TcvTimeInput::of(row)),
            cost: Some(TcvCostInput::of(row)),
            visits: Some(TcvVisitsInput::of(row)),
        }
    }
}
