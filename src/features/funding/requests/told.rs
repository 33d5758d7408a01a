//! What an applicant is told of a request before the results of its round are released: it looks as it did at the last
//! move they know of. Its version counts on behind that, and would tell by itself how far the decision has come.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{access::SeenRequest, rows::FundingRequestRow, status::RequestStatus};
use crate::{
    features::funding::ids::FundingRequestId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::funding_request_transitions},
        error::AppError,
    },
};

/// Version and time of the last change that the caller is told of.
pub type Mark = (i64, Timestamp);

/// The marks of the requests among these that stand where their applicants are not told.
///
/// # Errors
/// Those of the database.
pub fn marks(
    connection: &mut DbConnection,
    rows: &[&FundingRequestRow],
) -> Result<HashMap<FundingRequestId, Mark>, AppError> {
    let ids: Vec<FundingRequestId> =
        rows.iter().filter(|row| RequestStatus::UNTOLD.contains(&row.status)).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let told: Vec<(FundingRequestId, i64, Timestamp)> = funding_request_transitions::table
        .filter(funding_request_transitions::request_id.eq_any(ids))
        .filter(funding_request_transitions::to_status.ne_all(RequestStatus::UNTOLD))
        .order(funding_request_transitions::version)
        .select((
            funding_request_transitions::request_id,
            funding_request_transitions::version,
            funding_request_transitions::at,
        ))
        .load(connection)?;
    // The later ones come last and stay.
    Ok(told.into_iter().map(|(id, version, at)| (id, (version, at))).collect())
}

/// The mark of one request as this caller is told.
///
/// # Errors
/// Those of the database.
pub fn mark(connection: &mut DbConnection, seen: &SeenRequest) -> Result<Mark, AppError> {
    let real = (seen.row.version, seen.row.updated_at);
    if seen.is_told() {
        return Ok(real);
    }
    Ok(marks(connection, &[&seen.row])?.get(&seen.row.id).copied().unwrap_or(real))
}
