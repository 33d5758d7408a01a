//! Which plans and milestones are told of to everyone who sees the pilot: those that were handed in.

use std::collections::HashSet;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::status::PlanStatus;
use crate::platform::{
    db::{
        DbConnection,
        schema::{milestones, plans},
    },
    error::AppError,
};

/// Of plan versions with these ids, those that are no drafts.
///
/// # Errors
/// Those of the database.
pub fn plans_handed_in(connection: &mut DbConnection, ids: &[String]) -> Result<HashSet<String>, AppError> {
    let found: Vec<String> = plans::table
        .filter(plans::id.eq_any(ids))
        .filter(plans::status.ne(PlanStatus::Draft))
        .select(plans::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Of milestones with these ids, those of plan versions that are no drafts.
///
/// # Errors
/// Those of the database.
pub fn milestones_handed_in(connection: &mut DbConnection, ids: &[String]) -> Result<HashSet<String>, AppError> {
    let found: Vec<String> = milestones::table
        .inner_join(plans::table)
        .filter(milestones::id.eq_any(ids))
        .filter(plans::status.ne(PlanStatus::Draft))
        .select(milestones::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}
