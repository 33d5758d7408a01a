//! What an hour of a citizen is worth in a fiscal year. A correction is a new revision; the newest one counts.

use diesel::{
    ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    dsl::{exists, not},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ValueOfTimeId;
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, schema::values_of_time},
    error::{AppError, DatabaseIntent},
    fiscal_year::FiscalYear,
    ids::UserId,
    money::{Money, MoneyInput},
};

/// A value of time. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = values_of_time, treat_none_as_default_value = false)]
pub struct ValueOfTimeRow {
    /// Its identifier.
    pub id: ValueOfTimeId,
    /// The calendar year in which the fiscal year begins.
    pub fiscal_year: i32,
    /// Counts the corrections, from 1.
    pub revision: i64,
    /// Poisha.
    pub per_hour: i64,
    /// Where the value is from.
    pub source: String,
    /// How it is meant.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

/// What an hour of a citizen is worth in a fiscal year, as it was recorded once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ValueOfTimeView {
    /// Its identifier.
    pub id: ValueOfTimeId,
    /// July to June.
    #[schema(max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: String,
    /// Counts the corrections, from 1.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// Of one hour.
    pub per_hour: Money,
    /// Where the value is from.
    #[schema(max_length = 500, example = "Labour Force Survey, mean hourly wage")]
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

/// What an hour of a citizen is worth in a fiscal year.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"fiscal_year": "2025-26", "per_hour": {"amount": "62.50", "currency": "BDT"},
    "source": "Labour Force Survey, mean hourly wage", "note": "Wage of all employed people, both sexes."}))]
pub struct CreateValueOfTimeRequest {
    /// July to June; it has to have begun.
    #[schema(min_length = 7, max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$")]
    pub fiscal_year: String,
    /// Of one hour.
    pub per_hour: MoneyInput,
    /// Where the value is from.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub source: String,
    /// How it is meant, and for a correction why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub note: String,
}

impl ValueOfTimeView {
    /// As this caller sees it.
    pub fn new(row: ValueOfTimeRow, is_current: bool, logged_in: bool) -> Self {
        Self {
            id: row.id,
            fiscal_year: FiscalYear::beginning_in(row.fiscal_year).to_string(),
            revision: row.revision,
            per_hour: Money::from_poisha(row.per_hour),
            source: row.source,
            note: Some(row.note).filter(|_| logged_in),
            is_current,
            recorded_by: Some(row.recorded_by).filter(|_| logged_in),
            recorded_at: row.recorded_at,
        }
    }
}

diesel::alias!(values_of_time as corrections: Corrections);

/// Whether no correction came after a row: a condition for queries.
macro_rules! is_current {
    () => {
        not(exists(
            corrections
                .filter(corrections.field(values_of_time::fiscal_year).eq(values_of_time::fiscal_year))
                .filter(corrections.field(values_of_time::revision).gt(values_of_time::revision)),
        ))
    };
}

/// One value, and whether it is the current one.
///
/// # Errors
/// `NotFound`.
pub fn find(connection: &mut DbConnection, id: ValueOfTimeId) -> Result<(ValueOfTimeRow, bool), AppError> {
    values_of_time::table.find(id).select((ValueOfTimeRow::as_select(), is_current!())).first(connection).or_not_found()
}

/// A page of values, oldest first.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut DbConnection,
    year: Option<i32>,
    only_current: bool,
    after: Option<String>,
    most: i64,
) -> diesel::QueryResult<Vec<(ValueOfTimeRow, bool)>> {
    let mut rows = values_of_time::table
        .order(values_of_time::id)
        .limit(most)
        .select((ValueOfTimeRow::as_select(), is_current!()))
        .into_boxed();
    if let Some(year) = year {
        rows = rows.filter(values_of_time::fiscal_year.eq(year));
    }
    if only_current {
        rows = rows.filter(is_current!());
    }
    if let Some(after) = after {
        rows = rows.filter(values_of_time::id.gt(after));
    }
    rows.load(connection)
}
