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

/// The marks of the requests among these that stand where their applicants are not told, or were taken back from there.
///
/// # Errors
/// Those of the database.
pub fn marks(
    connection: &mut DbConnection,
    rows: &[&FundingRequestRow],
) -> Result<HashMap<FundingRequestId, Mark>, AppError> {
    let is_behind =
        |status: RequestStatus| status == RequestStatus::Withdrawn || RequestStatus::UNTOLD.contains(&status);
    let ids: Vec<FundingRequestId> = rows.iter().filter(|row| is_behind(row.status)).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let told: Vec<(FundingRequestId, RequestStatus, i64, Timestamp)> = funding_request_transitions::table
        .filter(funding_request_transitions::request_id.eq_any(ids))
        .filter(funding_request_transitions::to_status.ne_all(RequestStatus::UNTOLD))
        .order(funding_request_transitions::version)
        .select((
            funding_request_transitions::request_id,
            funding_request_transitions::from_status,
            funding_request_transitions::version,
            funding_request_transitions::at,
        ))
        .load(connection)?;
    let mut marks: HashMap<FundingRequestId, Mark> = HashMap::new();
    // The later ones come last and stay.
    for (id, from, version, at) in told {
        let last = marks.get(&id).map(|(version, _)| *version);
        // Out of what was hidden: the next step after the last one that was told.
        let version = last.filter(|_| RequestStatus::UNTOLD.contains(&from)).map_or(version, |last| last + 1);
        marks.insert(id, (version, at));
    }
    Ok(marks)
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
