//! The digest that binds a plan version to what was agreed.

use super::{
    content::PlanContent,
    rows::{MilestoneRow, PlanRow},
};
use crate::platform::{
    crypto::sha256_hex,
    error::{AppError, ErrorCode},
};

/// SHA-256 over the content as JSON, fields and milestones in their declared order; progress is no part of it.
///
/// # Errors
/// When the content cannot be written as JSON: a fault of ours.
pub fn digest(plan: &PlanRow, milestones: &[MilestoneRow]) -> Result<String, AppError> {
    let json = serde_json::to_vec(&PlanContent::of(plan, milestones)).map_err(AppError::internal)?;
    Ok(sha256_hex(&json))
}

/// Whether the content is still the one that was submitted.
///
/// # Errors
/// As [`digest`].
pub fn is_intact(plan: &PlanRow, milestones: &[MilestoneRow]) -> Result<bool, AppError> {
    Ok(plan.content_sha256.as_deref() == Some(digest(plan, milestones)?.as_str()))
}

/// Insists on it.
///
/// # Errors
/// `Conflict` when the stored content is another one than was submitted.
pub fn check(plan: &PlanRow, milestones: &[MilestoneRow]) -> Result<(), AppError> {
    if is_intact(plan, milestones)? {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Conflict).detail(
        "The plan's content is not the one that was submitted; submit a new version.",
        "পরিকল্পনার বিষয়বস্তু জমা দেওয়া বিষয়বস্তুর সঙ্গে মেলে না; নতুন সংস্করণ জমা দিন।",
    ))
}
