//! How a measurement is shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MeasurementId,
    access::{SeenMeasurement, is_insider},
    guards,
    parts::{TcvCostView, TcvTimeView, TcvVisitsView},
    status::{MeasurementKind, MeasurementStatus},
};
use crate::{
    features::{actions::open, pilots::PilotId},
    platform::{
        clock::Timestamp,
        ids::{ServiceId, UserId},
        money::Money,
        quantity::Hundredths,
    },
};

/// A measurement of time, cost and visits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeasurementView {
    /// Its identifier.
    pub id: MeasurementId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Of which public service.
    pub service_id: ServiceId,
    /// What it is taken for.
    #[schema(inline)]
    pub kind: MeasurementKind,
    /// The version of the method that was followed.
    #[schema(max_length = 60, example = "2026.1")]
    pub method_version: String,
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
    /// Minutes.
    pub time: TcvTimeView,
    /// Money.
    pub cost: TcvCostView,
    /// Visits.
    pub visits: TcvVisitsView,
    /// T: the minutes together; null as soon as one part is null.
    #[schema(value_type = Option<String>, max_length = 22, pattern = r"^[0-9]+\.[0-9]{2}$", example = "100.00")]
    pub time_total: Option<Hundredths>,
    /// C: the money together; null as soon as one part is null.
    pub cost_total: Option<Money>,
    /// V: the visits together; null as soon as one part is null.
    #[schema(value_type = Option<String>, max_length = 22, pattern = r"^[0-9]+\.[0-9]{2}$", example = "4.50")]
    pub visits_total: Option<Hundredths>,
    /// Where it stands.
    #[schema(inline)]
    pub status: MeasurementStatus,
    /// Who wrote it.
    pub created_by: UserId,
    /// Last handed in.
    pub submitted_at: Option<Timestamp>,
    /// Who confirmed it.
    pub verified_by: Option<UserId>,
    /// When it was confirmed.
    pub verified_at: Option<Timestamp>,
    /// Why it was last sent back; shown to team and staff.
    #[schema(max_length = 5000)]
    pub return_reason: Option<String>,
    /// What the caller may do to it now.
    #[schema(max_items = 10)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl MeasurementView {
    /// The measurement as this caller sees it.
    pub fn new(seen: SeenMeasurement) -> Self {
        let allowed_actions = open(guards::actions(&seen));
        let number = |part: Option<i64>| part.map(Hundredths::new);
        let money = |part: Option<i64>| part.map(Money::from_poisha);
        let row = seen.row;
        Self {
            time_total: number(row.time_total()),
            cost_total: money(row.cost_total()),
            visits_total: number(row.visits_total()),
            time: TcvTimeView::of(&row),
            cost: TcvCostView::of(&row),
            visits: TcvVisitsView::of(&row),
            id: row.id,
            pilot_id: row.pilot_id,
            service_id: row.service_id,
            kind: row.kind,
            method_version: row.method_version,
            sample_size: row.sample_size,
            period_start_on: row.period_start_on,
            period_end_on: row.period_end_on,
            district_code: row.district_code,
            status: row.status,
            created_by: row.created_by,
            submitted_at: row.submitted_at,
            verified_by: row.verified_by,
            verified_at: row.verified_at,
            return_reason: row.return_reason.filter(|_| is_insider(&seen.standing)),
            allowed_actions,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
