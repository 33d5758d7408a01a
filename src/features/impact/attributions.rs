//! Which share of a service each of its pilots changed. The shares of all its pilots are set together, so that they can
//! never be more than the whole, and a new attribution takes the place of the one before.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    dsl::{exists, not},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::AttributionId;
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{attribution_shares, attributions},
        },
        error::{AppError, DatabaseIntent},
        ids::{ServiceId, UserId},
    },
};

/// The head of an attribution.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = attributions, treat_none_as_default_value = false)]
pub struct AttributionRow {
    /// Its identifier.
    pub id: AttributionId,
    /// Of which service.
    pub service_id: ServiceId,
    /// Counts them, from 1.
    pub revision: i64,
    /// Why.
    pub reason: String,
    /// Who set it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

/// The share of one pilot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pilot_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "basis_points": 6000}))]
pub struct AttributionShare {
    /// Whose.
    pub pilot_id: PilotId,
    /// Ten-thousandths of the service: 10000 is all of it.
    #[schema(minimum = 0, maximum = 10000, example = 6000)]
    pub basis_points: i32,
}

/// Which share of a service each pilot changed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "By the number of upazilas that each pilot reached.",
    "shares": [{"pilot_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "basis_points": 6000}]}))]
pub struct CreateAttributionRequest {
    /// Why it is so.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
    /// At most 10000 together. A pilot that is not named has no share.
    #[schema(max_items = 50)]
    pub shares: Vec<AttributionShare>,
}

/// Which share of a service each pilot changed, as it was set once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttributionView {
    /// Its identifier.
    pub id: AttributionId,
    /// Of which service.
    pub service_id: ServiceId,
    /// Counts them, from 1.
    #[schema(minimum = 1)]
    pub revision: i64,
    /// Why.
    #[schema(max_length = 2000)]
    pub reason: String,
    /// At most 10000 together.
    #[schema(max_items = 50)]
    pub shares: Vec<AttributionShare>,
    /// Whether none came after it.
    pub is_current: bool,
    /// Who set it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}

impl AttributionView {
    /// With its shares.
    pub fn new(row: AttributionRow, shares: Vec<AttributionShare>, is_current: bool) -> Self {
        Self {
            id: row.id,
            service_id: row.service_id,
            revision: row.revision,
            reason: row.reason,
            shares,
            is_current,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

diesel::alias!(attributions as successors: Successors);

/// Whether none came after a row: a condition for queries.
macro_rules! is_current {
    () => {
        not(exists(
            successors
                .filter(successors.field(attributions::service_id).eq(attributions::service_id))
                .filter(successors.field(attributions::revision).gt(attributions::revision)),
        ))
    };
}

/// One attribution.
///
/// # Errors
/// `NotFound`.
pub fn find(connection: &mut DbConnection, id: AttributionId) -> Result<AttributionView, AppError> {
    let (row, is_current): (AttributionRow, bool) = attributions::table
        .find(id)
        .select((AttributionRow::as_select(), is_current!()))
        .first(connection)
        .or_not_found()?;
    let mut shares = shares_of(connection, &[id])?;
    Ok(AttributionView::new(row, shares.remove(&id).unwrap_or_default(), is_current))
}

/// A page of attributions, oldest first.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut DbConnection,
    service: ServiceId,
    after: Option<String>,
    most: i64,
) -> diesel::QueryResult<Vec<(AttributionRow, bool)>> {
    let mut rows = attributions::table
        .filter(attributions::service_id.eq(service))
        .order(attributions::id)
        .limit(most)
        .select((AttributionRow::as_select(), is_current!()))
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(attributions::id.gt(after));
    }
    rows.load(connection)
}

/// The shares of several attributions. One query.
///
/// # Errors
/// Those of the database.
pub fn shares_of(
    connection: &mut DbConnection,
    ids: &[AttributionId],
) -> Result<HashMap<AttributionId, Vec<AttributionShare>>, AppError> {
    let rows: Vec<(AttributionId, PilotId, i32)> = attribution_shares::table
        .filter(attribution_shares::attribution_id.eq_any(ids))
        .order((attribution_shares::attribution_id, attribution_shares::pilot_id))
        .load(connection)?;
    let mut shares: HashMap<AttributionId, Vec<AttributionShare>> = HashMap::new();
    for (attribution, pilot_id, basis_points) in rows {
        shares.entry(attribution).or_default().push(AttributionShare { pilot_id, basis_points });
    }
    Ok(shares)
}
