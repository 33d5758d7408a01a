//! What the feed says of requests, and to whom. What was not to be told when it happened lies behind a reader's cursor when
//! it may be: so the closing of a sealed round and the release of results are written down with each of its requests.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    FundingRequestRow, RequestStatus,
    list_funding_requests::{released_rounds, sealed_rounds},
};
use crate::{
    features::{changes::Disclosure, funding::ids::RoundId},
    platform::{
        db::{
            DbConnection,
            schema::{eligibility_results, funding_requests},
        },
        error::AppError,
        web::Tx,
    },
};

/// Of requests with these ids, those that are told of: not while they are written or sealed.
///
/// # Errors
/// Those of the database.
pub fn requests_announced(
    connection: &mut DbConnection,
    ids: &[String],
) -> Result<HashMap<String, Disclosure>, AppError> {
    let told = funding_requests::table
        .filter(funding_requests::id.eq_any(ids))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .filter(funding_requests::round_id.ne_all(sealed_rounds()))
        .select(funding_requests::id);
    let of_released = told.clone().filter(funding_requests::round_id.eq_any(released_rounds()));
    let told: Vec<String> = told.load(connection)?;
    let of_released: Vec<String> = of_released.load(connection)?;
    let without_team = told.into_iter().map(|id| (id, Disclosure::NoStake));
    // The later ones count.
    Ok(without_team.chain(of_released.into_iter().map(|id| (id, Disclosure::WithTheTeam))).collect())
}

/// The same of eligibility results: each as its request.
///
/// # Errors
/// Those of the database.
pub fn results_announced(
    connection: &mut DbConnection,
    ids: &[String],
) -> Result<HashMap<String, Disclosure>, AppError> {
    let of_requests: Vec<(String, String)> = eligibility_results::table
        .filter(eligibility_results::id.eq_any(ids))
        .select((eligibility_results::id, eligibility_results::request_id))
        .load(connection)?;
    let requests: Vec<String> = of_requests.iter().map(|(_, request)| request.clone()).collect();
    let announced = requests_announced(connection, &requests)?;
    Ok(of_requests.into_iter().filter_map(|(id, request)| Some((id, *announced.get(&request)?))).collect())
}

/// The requests of a round that were handed in.
///
/// # Errors
/// Those of the database.
pub fn handed_in(connection: &mut DbConnection, round: RoundId) -> Result<Vec<FundingRequestRow>, AppError> {
    Ok(funding_requests::table
        .filter(funding_requests::round_id.eq(round))
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .order(funding_requests::id)
        .select(FundingRequestRow::as_select())
        .load(connection)?)
}

/// Writes down with a request that its readers are told of it from now on. Nothing of it changes.
///
/// # Errors
/// Those of the database.
pub fn announce(tx: &mut Tx<'_>, action: &str, row: &FundingRequestRow) -> Result<(), AppError> {
    tx.audit_as(action, "funding_request", row.id.as_str(), Some(row), Some(row))
}
