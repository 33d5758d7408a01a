//! The fiscal year: 1 July to 30 June, by the calendar of Dhaka, written `2026-27`.

use std::fmt;

use chrono::{Datelike, NaiveDate};

/// What a request may state; that the second number follows the first is checked by [`FiscalYear::parse`].
pub const PATTERN: &str = "^20[0-9]{2}-[0-9]{2}$";

/// A fiscal year, kept as the calendar year in which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The one that begins in July of `year`.
    pub const fn beginning_in(year: i32) -> Self {
        Self(year)
    }

    /// The calendar year in which it begins; this is what is stored.
    pub const fn begins_in(self) -> i32 {
        self.0
    }

    /// The one that a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self(if day.month() >= 7 { day.year() } else { day.year() - 1 })
    }

    /// The first one that begins after a day.
    pub fn after(day: NaiveDate) -> Self {
        Self(Self::of(day).0 + 1)
    }

    /// The last one that was over on a day.
    pub fn over_on(day: NaiveDate) -> Self {
        Self(Self::of(day).0 - 1)
    }

    /// Reads `2026-27`; `None` for anything else, such as `2026-28`.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, second) = text.split_once('-')?;
        let is_number = |part: &str, digits| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(first, 4) || !is_number(second, 2) {
            return None;
        }
        let (year, next): (i32, i32) = (first.parse().ok()?, second.parse().ok()?);
        ((2000..2100).contains(&year) && (year + 1) % 100 == next).then_some(Self(year))
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn it_runs_from_july_to_june() {
        assert_eq!(FiscalYear::of(day(2026, 6, 30)).to_string(), "2025-26");
        assert_eq!(FiscalYear::of(day(2026, 7, 1)).to_string(), "2026-27");
        assert_eq!(FiscalYear::after(day(2026, 6, 30)).to_string(), "2026-27");
        assert_eq!(FiscalYear::after(day(2026, 7, 1)).to_string(), "2027-28");
        assert_eq!(FiscalYear::over_on(day(2026, 6, 30)).to_string(), "2024-25");
        assert_eq!(FiscalYear::over_on(day(2026, 7, 1)).to_string(), "2025-26");
    }

    #[test]
    fn it_is_read_as_it_is_written() {
        for text in ["2000-01", "2026-27", "2098-99", "2099-00"] {
            assert_eq!(FiscalYear::parse(text).map(|year| year.to_string()).as_deref(), Some(text));
        }
        for text in ["2026-28", "2026", "2026-2027", "26-27", "1999-00", "2026/27", "২০২৬-২৭", "", "-", "2026-+7"]
        {
            assert_eq!(FiscalYear::parse(text), None, "{text}");
        }
    }
}
