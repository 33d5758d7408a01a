//! stub until the branch lands
use crate::platform::{
    db::DbConnection,
    error::AppError,
    ids::{OrganisationId, ServiceId},
};
pub struct ServiceRow {
    pub sector_code: String,
}
pub fn organisation_chain(_: &mut DbConnection, id: OrganisationId) -> Result<Vec<OrganisationId>, AppError> {
    Ok(vec![id])
}
pub fn find_service(_: &mut DbConnection, _: ServiceId) -> Result<Option<ServiceRow>, AppError> {
    Ok(None)
}
pub fn unknown_codes(_: &mut DbConnection, _: &str, _: &[String]) -> Result<Vec<usize>, AppError> {
    Ok(vec![])
}
pub fn divisions_of(_: &mut DbConnection, _: &[String]) -> Result<Vec<String>, AppError> {
    Ok(vec![])
}
