//! The sums that every figure is made of: how many pilots of a service were measured, and what they measured together.
//!
//! They can be added and taken away, so that one pilot's change costs the same whether its service has two pilots or a
//! hundred thousand. They are whole numbers of hundredths and poisha; nothing is divided or rounded before a figure is
//! written.

use std::{
    collections::BTreeMap,
    ops::{Add, Sub},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::platform::{fiscal_year::FiscalYear, text_enum::text_enum};

text_enum! {
    /// The three figures of TCV.
    Figure {
        /// Hundredths of a minute.
        Time = "time",
        /// Poisha.
        Cost = "cost",
        /// Hundredths of a visit.
        Visits = "visits",
    }
}

/// A sum. 2^127 is reached by no number of measurements that fits into a database; in JSON it is text, since numbers of
/// more than 53 bits do not survive everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub i128);

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| D::Error::custom("not a whole number"))
    }
}

/// One figure of several pilots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureTotals {
    /// How many pilots measured both sides of it.
    pub measured: i64,
    /// Their baselines together.
    pub base: Sum,
    /// Their endlines together.
    pub end: Sum,
    /// How many of them have a share of the service.
    pub shared: i64,
    /// Those shares together, in basis points.
    pub share: i64,
    /// Their baselines, each times its share.
    pub shared_base: Sum,
    /// Their endlines, each times its share.
    pub shared_end: Sum,
}

/// Several pilots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How many.
    pub pilots: i64,
    /// How many of them have a share of the service.
    pub shared: i64,
    /// Hundredths of a minute.
    pub time: FigureTotals,
    /// Poisha.
    pub cost: FigureTotals,
    /// Hundredths of a visit.
    pub visits: FigureTotals,
}

impl Totals {
    /// One of the three.
    pub const fn figure(&self, figure: Figure) -> &FigureTotals {
        match figure {
            Figure::Time => &self.time,
            Figure::Cost => &self.cost,
            Figure::Visits => &self.visits,
        }
    }

    /// Those of one pilot: its share, then both sides of time, cost and visits.
    pub fn of_one(share: Option<i32>, sides: [(Option<i64>, Option<i64>); 3]) -> Self {
        let [time, cost, visits] = sides.map(|(base, end)| match base.zip(end) {
            None => FigureTotals::default(),
            Some((base, end)) => {
                let (base, end, points) = (i128::from(base), i128::from(end), i128::from(share.unwrap_or(0)));
                FigureTotals {
                    measured: 1,
                    base: Sum(base),
                    end: Sum(end),
                    shared: i64::from(share.is_some()),
                    share: i64::from(share.unwrap_or(0)),
                    shared_base: Sum(base * points),
                    shared_end: Sum(end * points),
                }
            }
        });
        Self { pilots: 1, shared: i64::from(share.is_some()), time, cost, visits }
    }
}

macro_rules! fieldwise {
    ($type:ident { $($field:ident),+ }) => {
        impl Add for $type {
            type Output = Self;

            fn add(self, other: Self) -> Self {
                Self { $($field: self.$field + other.$field),+ }
            }
        }

        impl Sub for $type {
            type Output = Self;

            fn sub(self, other: Self) -> Self {
                Self { $($field: self.$field - other.$field),+ }
            }
        }
    };
}
fieldwise!(FigureTotals { measured, base, end, shared, share, shared_base, shared_end });
fieldwise!(Totals { pilots, shared, time, cost, visits });

impl Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// Whether something comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It counts from now on.
    Comes,
    /// It no longer counts.
    Goes,
}

/// The pilots of a service: by version of the method, then by the fiscal year from which they save (0: not completed).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceTotals(pub BTreeMap<String, BTreeMap<i32, Totals>>);

impl ServiceTotals {
    /// Of one pilot.
    pub fn of_one(method: &str, saves_from: i32, totals: Totals) -> Self {
        Self(BTreeMap::from([(method.to_owned(), BTreeMap::from([(saves_from, totals)]))]))
    }

    /// Adds a pilot or takes it away.
    pub fn change(&mut self, change: Change, method: &str, saves_from: i32, totals: Totals) {
        let years = self.0.entry(method.to_owned()).or_default();
        let present = years.get(&saves_from).copied().unwrap_or_default();
        let after = match change {
            Change::Comes => present + totals,
            Change::Goes => present - totals,
        };
        if after == Totals::default() {
            years.remove(&saves_from);
        } else {
            years.insert(saves_from, after);
        }
        self.0.retain(|_, years| !years.is_empty());
    }

    /// Every part, with its year.
    pub fn parts(&self) -> impl Iterator<Item = (i32, &Totals)> {
        self.0.values().flat_map(|years| years.iter().map(|(year, totals)| (*year, totals)))
    }

    /// All pilots.
    pub fn pilots(&self) -> i64 {
        self.parts().map(|(_, totals)| totals.pilots).sum()
    }

    /// Those that save in a fiscal year: completed, and their endline was over when it began.
    pub fn saving_in(&self, year: FiscalYear) -> impl Iterator<Item = &Totals> {
        self.parts().filter(move |(from, _)| *from != 0 && *from <= year.begins_in()).map(|(_, totals)| totals)
    }

    /// Whether just one pilot saves in a year and nobody gave it a share: then the service is its whole. A pilot that does
    /// not count in the year takes nothing from it.
    pub fn is_sole(&self, year: FiscalYear) -> bool {
        let all = self.saving_in(year).copied().fold(Totals::default(), Add::add);
        all.pilots == 1 && all.shared == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_and_went_leaves_nothing_behind() {
        let one = Totals::of_one(Some(2_500), [(Some(100), Some(23)), (Some(i64::MAX), Some(0)), (None, Some(7))]);
        let two = Totals::of_one(None, [(Some(0), Some(5)), (None, None), (Some(3), Some(4))]);
        let mut totals = ServiceTotals::default();
        totals.change(Change::Comes, "2026.1", 2026, one);
        let year = FiscalYear::beginning_in(2026);
        assert!(!totals.is_sole(year), "a share was set");
        totals.change(Change::Comes, "2026.1", 0, two);
        assert_eq!((totals.pilots(), totals.is_sole(year)), (2, false));
        let stored = serde_json::to_string(&totals).unwrap();
        assert_eq!(serde_json::from_str::<ServiceTotals>(&stored).unwrap(), totals);
        totals.change(Change::Goes, "2026.1", 2026, one);
        assert_eq!(totals, ServiceTotals::of_one("2026.1", 0, two));
        assert!(!totals.is_sole(year), "it does not save in any year yet");
        totals.change(Change::Goes, "2026.1", 0, two);
        assert_eq!(totals, ServiceTotals::default());
    }

    #[test]
    fn who_comes_later_takes_nothing_from_the_years_before() {
        let one = Totals::of_one(None, [(Some(9), Some(1)), (None, None), (None, None)]);
        let mut totals = ServiceTotals::of_one("2026.1", 2025, one);
        totals.change(Change::Comes, "2026.1", 2027, one);
        totals.change(Change::Comes, "2026.1", 0, one);
        let sole = [2024, 2025, 2026, 2027].map(|year| totals.is_sole(FiscalYear::beginning_in(year)));
        assert_eq!(sole, [false, true, true, false]);
    }

    #[test]
    fn a_figure_with_one_side_was_not_measured() {
        let one = Totals::of_one(Some(10_000), [(Some(1), None), (None, Some(1)), (Some(2), Some(1))]);
        assert_eq!((one.pilots, one.time.measured, one.cost.measured, one.visits.measured), (1, 0, 0, 1));
        assert_eq!((one.visits.shared_base, one.visits.shared_end), (Sum(20_000), Sum(10_000)));
    }
}
