//! How often a service is used in a fiscal year. A correction is a new revision; the newest one counts.

use diesel::{
    ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    dsl::{exists, not},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::VolumeId;
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, schema::service_volumes},
    error::{AppError, DatabaseIntent},
    fiscal_year::FiscalYear,
    ids::{ServiceId, UserId},
};

/// A volume. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = service_volumes, treat_none_as_default_value = false)]
pub struct VolumeRow {
    /// Its identifier.
    pub id: VolumeId,
    /// Of which service.
    pub service_id: ServiceId,
    /// The calendar year in which the fiscal year begins.
    pub fiscal_year: i32,
    /// Counts the corrections, from 1.
    pub revision: i64,
    /// How often.
    pub volume: i64,
    /// Where the number is from.
    pub source: String,
    /// How it is meant.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

/// How often a service was used in a fiscal year, as it was recorded once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceVolumeView {
    /// Its identifier.
    pub id: VolumeId,
    /// Of which service.
    pub service_id: ServiceId,
    /// July to June.
    #[schema(max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: String,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// How often: applications or uses by citizens.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 42_000)]
    pub volume: i64,
    /// Where the number is from.
    #[schema(max_length = 500, example = "Annual report of the Department of Livestock Services, table 7")]
    pub source: String,
    /// How it is meant; shown to logged-in people.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// Whether no correction came after it.
    pub is_current: bool,
    /// Who recorded it; shown to logged-in people.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// How often a service was used in a fiscal year.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fiscal_year": "2025-26", "volume": 42000,
    "source": "Annual report of the Department of Livestock Services, table 7", "note": "Treatments in all upazilas."}))]
pub struct CreateServiceVolumeRequest {
    /// July to June; it has to have begun.
    #[schema(min_length = 7, max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$")]
    pub fiscal_year: String,
    /// How often: applications or uses by citizens.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub volume: i64,
    /// Where the number is from.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub source: String,
    /// How it is meant, and for a correction why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub note: String,
}

impl ServiceVolumeView {
    /// As this caller sees it.
    pub fn new(row: VolumeRow, is_current: bool, logged_in: bool) -> Self {
        Self {
            id: row.id,
            service_id: row.service_id,
            fiscal_year: FiscalYear::beginning_in(row.fiscal_year).to_string(),
            revision: row.revision,
            volume: row.volume,
            source: row.source,
            note: Some(row.note).filter(|_| logged_in),
            is_current,
            recorded_by: Some(row.recorded_by).filter(|_| logged_in),
            recorded_at: row.recorded_at,
        }
    }
}

diesel::alias!(service_volumes as corrections: Corrections);

/// Whether no correction came after a row: a condition for queries.
macro_rules! is_current {
    () => {
        not(exists(
            corrections
                .filter(corrections.field(service_volumes::service_id).eq(service_volumes::service_id))
                .filter(corrections.field(service_volumes::fiscal_year).eq(service_volumes::fiscal_year))
                .filter(corrections.field(service_volumes::revision).gt(service_volumes::revision)),
        ))
    };
}

/// One volume, and whether it is the current one.
///
/// # Errors
/// `NotFound`.
pub fn find(connection: &mut DbConnection, id: VolumeId) -> Result<(VolumeRow, bool), AppError> {
    service_volumes::table.find(id).select((VolumeRow::as_select(), is_current!())).first(connection).or_not_found()
}

/// Which volumes of a service are listed.
#[derive(Clone, Copy, Debug)]
pub struct VolumeFilter {
    /// Of which service.
    pub service: ServiceId,
    /// Of which year.
    pub year: Option<i32>,
    /// Without those that were corrected.
    pub only_current: bool,
}

/// A page of volumes, oldest first.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut DbConnection,
    filter: VolumeFilter,
    after: Option<String>,
    most: i64,
) -> diesel::QueryResult<Vec<(VolumeRow, bool)>> {
    let mut rows = service_volumes::table
        .filter(service_volumes::service_id.eq(filter.service))
        .order(service_volumes::id)
        .limit(most)
        .select((VolumeRow::as_select(), is_current!()))
        .into_boxed();
    if let Some(year) = filter.year {
        rows = rows.filter(service_volumes::fiscal_year.eq(year));
    }
    if filter.only_current {
        rows = rows.filter(is_current!());
    }
    if let Some(after) = after {
        rows = rows.filter(service_volumes::id.gt(after));
    }
    rows.load(connection)
}
