//! What is written of a service account, and the bounds of its last day.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::status::ServiceAccountStatus;
use crate::platform::{
    auth::Scope,
    clock::Timestamp,
    error::{AppError, ErrorCode, ErrorParams, FieldError, Place},
    text::Bilingual,
};

/// The most days that a service account lasts from when it is made or changed.
pub const LONGEST_ACCOUNT: u64 = 2 * 366;
/// The most days that a key lasts.
pub const LONGEST_KEY: u64 = 366;

/// What a service account is for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "District dashboard", "scopes": ["pilots:read", "tcv:read"], "ends_on": "2027-06-30"
}))]
pub struct ServiceAccountContent {
    /// What the owner tells it by.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub name: String,
    /// What its keys may be used for; never more than the owner may.
    #[schema(min_items = 1, max_items = 60)]
    pub scopes: Vec<Scope>,
    /// Its last day in Dhaka, at most two years from now.
    pub ends_on: NaiveDate,
}

impl ServiceAccountContent {
    /// The scopes, each once and in order.
    pub fn scope_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.scopes.iter().map(|scope| scope.0.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Makes sure that a last day is not over and not too far away.
///
/// # Errors
/// `ValidationFailed`.
pub fn check_last_day(pointer: &'static str, day: NaiveDate, most_days: u64, now: Timestamp) -> Result<(), AppError> {
    let today = now.day_in_dhaka();
    let latest = today.checked_add_days(Days::new(most_days)).unwrap_or(today);
    let error = if day < today {
        FieldError::body(pointer, "in_the_past", "This day is over.", "এই দিন পার হয়ে গেছে।")
            .with(ErrorParams::minimum(today))
    } else if day > latest {
        let detail = Bilingual::new(
            format!("This day is too far away: {latest} is the last one that can be chosen."),
            format!("এই দিন অনেক পরে: সর্বশেষ {latest} পর্যন্ত দেওয়া যায়।"),
        );
        FieldError::new(Place::Body(pointer.to_owned()), "too_late", detail).with(ErrorParams::maximum(latest))
    } else {
        return Ok(());
    };
    Err(AppError::validation(vec![error]))
}

/// Makes sure that it was not revoked.
///
/// # Errors
/// `Conflict`.
pub fn check_is_active(status: ServiceAccountStatus) -> Result<(), AppError> {
    match status {
        ServiceAccountStatus::Active => Ok(()),
        ServiceAccountStatus::Revoked => Err(AppError::new(ErrorCode::Conflict).detail(
            "The service account was revoked; make a new one.",
            "সার্ভিস অ্যাকাউন্টটি বাতিল করা হয়েছে; নতুন একটি তৈরি করুন।",
        )),
    }
}
