//! What a figure rests on, on which day, for which fiscal year: the questions that all figures have in common.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::platform::{
    clock::Timestamp,
    error::{AppError, ErrorCode, FieldError},
    fiscal_year::FiscalYear,
    text_enum::text_enum,
    web::call::Context,
};

/// The first day on which a fiscal year was over that can be named.
const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(2001, 7, 1).unwrap();

text_enum! {
    /// Which measurements count.
    Basis {
        /// Those that an officer verified, of every pilot that was accepted: for logged-in people.
        Verified = "verified",
        /// Those that were published, of public pilots: for anyone.
        Published = "published",
    }
}

/// What is asked of a figure.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// As the records stood at the end of this day in Dhaka; today unless given.
    pub as_of: Option<NaiveDate>,
    /// Which measurements count: `verified` for logged-in people, `published` for anyone. Unless given, all that the
    /// caller may see.
    #[param(inline)]
    pub basis: Option<Basis>,
    /// The fiscal year whose volumes count; the last one that was over on that day unless given.
    #[param(min_length = 7, max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
    pub fiscal_year: Option<String>,
}

/// The question, complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day.
    pub as_of: NaiveDate,
    /// What counts.
    pub basis: Basis,
    /// The fiscal year.
    pub fiscal_year: FiscalYear,
}

impl Asked {
    /// From a request.
    ///
    /// # Errors
    /// `InvalidParameters` naming what cannot be; `Unauthenticated` when a stranger asks for what is not published.
    pub fn of(context: &Context) -> Result<Self, AppError> {
        let query: FigureQuery = context.query()?;
        let today = context.now().day_in_dhaka();
        let as_of = query.as_of.unwrap_or(today);
        let named = query.fiscal_year.as_deref();
        let year = named.map_or_else(|| Some(FiscalYear::over_on(as_of)), FiscalYear::parse);
        let mut errors = Vec::new();
        if as_of > today {
            errors.push(future("as_of"));
        }
        if as_of < EARLIEST {
            errors.push(FieldError::parameter(
                "as_of",
                "implausible",
                "Nothing is on record from before July 2001.",
                "২০০১ সালের জুলাইয়ের আগের কোনো তথ্য নেই।",
            ));
        }
        match year {
            None => errors.push(bad_year("fiscal_year")),
            Some(year) if year > FiscalYear::of(as_of) => errors.push(future("fiscal_year")),
            Some(_) => {}
        }
        let (Some(fiscal_year), true) = (year, errors.is_empty()) else {
            return Err(AppError::new(ErrorCode::InvalidParameters).errors(errors));
        };
        let basis = match (query.basis, context.actor.is_some()) {
            (Some(Basis::Verified), false) => return Err(AppError::new(ErrorCode::Unauthenticated)),
            (Some(basis), _) => basis,
            (None, true) => Basis::Verified,
            (None, false) => Basis::Published,
        };
        Ok(Self { as_of, basis, fiscal_year })
    }

    /// The first moment that no longer belongs to the day.
    pub fn before(&self) -> Timestamp {
        let next = self.as_of.checked_add_days(Days::new(1)).unwrap_or(self.as_of);
        // Dhaka is six hours ahead of UTC.
        Timestamp::from_millis(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis() - 6 * 3_600_000)
    }
}

fn future(name: &'static str) -> FieldError {
    FieldError::parameter(name, "in_the_future", "This has not come yet.", "এটি এখনো আসেনি।")
}

fn bad_year(name: &'static str) -> FieldError {
    FieldError::parameter(
        name,
        "fiscal_year",
        "This is not a fiscal year such as 2026-27.",
        "এটি `2026-27` এর মতো কোনো অর্থবছর নয়।",
    )
}

/// The fiscal year that a list is filtered by.
///
/// # Errors
/// `InvalidParameters`.
pub fn year_filter(text: Option<&str>) -> Result<Option<i32>, AppError> {
    let Some(text) = text else { return Ok(None) };
    match FiscalYear::parse(text) {
        Some(year) => Ok(Some(year.begins_in())),
        None => Err(AppError::new(ErrorCode::InvalidParameters).errors(vec![bad_year("fiscal_year")])),
    }
}

/// The fiscal year that a record is of; it has to have begun.
///
/// # Errors
/// The field's error.
pub fn begun_year(text: &str, today: NaiveDate) -> Result<FiscalYear, FieldError> {
    let refused = |code, en, bn| Err(FieldError::body("/fiscal_year", code, en, bn));
    match FiscalYear::parse(text) {
        None => {
            refused("fiscal_year", "This is not a fiscal year such as 2026-27.", "এটি `2026-27` এর মতো কোনো অর্থবছর নয়।")
        }
        Some(year) if year > FiscalYear::of(today) => {
            refused("in_the_future", "This fiscal year has not begun yet.", "এই অর্থবছর এখনো শুরু হয়নি।")
        }
        Some(year) => Ok(year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_dhaka() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
        let asked = Asked { as_of: day, basis: Basis::Published, fiscal_year: FiscalYear::of(day) };
        assert_eq!(asked.before().to_string(), "2026-06-30T18:00:00.000Z");
        assert_eq!(asked.before().day_in_dhaka(), NaiveDate::from_ymd_opt(2026, 7, 1).unwrap());
    }
}
