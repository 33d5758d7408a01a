//! Of which requests those who read the books are told by the feed: none that is being written, none that is sealed.

use std::collections::HashSet;

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use super::{RequestStatus, list_funding_requests::sealed_rounds};
use crate::platform::{
    db::{
        DbConnection,
        schema::{eligibility_results, funding_requests},
    },
    error::AppError,
};

/// Of requests with these ids, those that staff see.
///
/// # Errors
/// Those of the database.
pub fn requests_announced(connection: &mut DbConnection, ids: &[String]) -> Result<HashSet<String>, AppError> {
    let found: Vec<String> = funding_requests::table
        .filter(funding_requests::id.eq_any(ids))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .filter(funding_requests::round_id.ne_all(sealed_rounds()))
        .select(funding_requests::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Of eligibility results with these ids, those of requests that staff see.
///
/// # Errors
/// Those of the database.
pub fn results_announced(connection: &mut DbConnection, ids: &[String]) -> Result<HashSet<String>, AppError> {
    let found: Vec<String> = eligibility_results::table
        .inner_join(funding_requests::table.on(funding_requests::id.eq(eligibility_results::request_id)))
        .filter(eligibility_results::id.eq_any(ids))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .filter(funding_requests::round_id.ne_all(sealed_rounds()))
        .select(eligibility_results::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}
