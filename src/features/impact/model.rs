//! The figures against a second way of computing them: pilot by pilot, with schoolbook fractions, straight from the
//! formulas of the domain.

use num_bigint::BigInt;
use proptest::prelude::*;

use super::{
    gaps::FigureGap,
    records::ServiceRecord,
    reduction::{mean_of_services, pooled},
    savings::{spared, spared_by, valued, written},
    totals::{Change, Figure, ServiceTotals, Totals},
};
use crate::platform::fiscal_year::FiscalYear;

/// A pilot as the records have it; both sides of one figure.
#[derive(Clone, Debug)]
struct Pilot {
    method: &'static str,
    saves_from: i32,
    share: Option<i32>,
    base: Option<i64>,
    end: Option<i64>,
}

impl Pilot {
    fn totals(&self) -> Totals {
        Totals::of_one(self.share, [(self.base, self.end), (self.base, self.end), (None, None)])
    }

    fn sides(&self) -> Option<(i128, i128)> {
        self.base.zip(self.end).map(|(base, end)| (i128::from(base), i128::from(end)))
    }
}

type Service = (Option<i64>, Vec<Pilot>);

fn record((volume, pilots): &Service) -> ServiceRecord {
    let mut totals = ServiceTotals::default();
    for pilot in pilots {
        totals.change(Change::Comes, pilot.method, pilot.saves_from, pilot.totals());
    }
    ServiceRecord { totals, volume: *volume }
}

/// A shortened fraction; small numbers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Small(i128, i128);

impl Small {
    fn new(top: i128, bottom: i128) -> Self {
        let (mut left, mut right) = (top.abs(), bottom.abs());
        while right != 0 {
            (left, right) = (right, left % right);
        }
        let divisor = left.max(1) * bottom.signum();
        Self(top / divisor, bottom / divisor)
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    /// Rounded to so many parts, halves away from zero, by looking at the rest.
    fn rounded(self, parts: i128) -> i128 {
        let (whole, rest) = (self.0.abs() * parts / self.1, self.0.abs() * parts % self.1);
        (whole + i128::from(rest * 2 >= self.1)) * self.0.signum()
    }
}

fn text(parts: i128, places: u32) -> String {
    let unit = 10_i128.pow(places);
    let sign = if parts < 0 { "-" } else { "" };
    format!("{sign}{}.{:0width$}", parts.abs() / unit, parts.abs() % unit, width = usize::try_from(places).unwrap())
}

/// B and E of a service, by the formula; `None` is: not measured.
fn both_sides(pilots: &[Pilot]) -> Option<(Small, Small)> {
    let newest =
        pilots.iter().map(|pilot| pilot.method).max_by(|one, two| crate::features::tcv::by_version(one, two))?;
    let chosen: Vec<&Pilot> = pilots.iter().filter(|pilot| pilot.method == newest && pilot.sides().is_some()).collect();
    let all_have_shares = chosen.iter().all(|pilot| pilot.share.is_some());
    let weight = |pilot: &Pilot, by_share: bool| if by_share { i128::from(pilot.share.unwrap_or(0)) } else { 1 };
    let by_share = all_have_shares && chosen.iter().any(|pilot| weight(pilot, true) > 0);
    let all: i128 = chosen.iter().map(|pilot| weight(pilot, by_share)).sum();
    if chosen.is_empty() {
        return None;
    }
    let side = |of: fn((i128, i128)) -> i128| {
        let sum = chosen.iter().map(|pilot| weight(pilot, by_share) * pilot.sides().map_or(0, of)).sum();
        Small::new(sum, all)
    };
    Some((side(|(base, _)| base), side(|(_, end)| end)))
}

fn pilot() -> impl Strategy<Value = Pilot> {
    let side = || prop_oneof![4 => (0_i64..12).prop_map(Some), 1 => Just(None)];
    let share = prop_oneof![2 => Just(None), 3 => (0_i32..=20).prop_map(|twentieths| Some(twentieths * 500)), 1 => Just(Some(0))];
    let year = prop_oneof![Just(0), 2024_i32..2028];
    (prop_oneof![4 => Just("2026.9"), 1 => Just("2026.10")], year, share, side(), side())
        .prop_map(|(method, saves_from, share, base, end)| Pilot { method, saves_from, share, base, end })
}

/// Shares are at most the whole together, as the database sees to it.
fn service() -> impl Strategy<Value = Service> {
    let volume = prop_oneof![3 => (0_i64..50).prop_map(Some), 1 => Just(None)];
    (volume, prop::collection::vec(pilot(), 0..4)).prop_map(|(volume, mut pilots)| {
        let mut rest = 10_000;
        for pilot in &mut pilots {
            pilot.share = pilot.share.map(|share| share.min(rest));
            rest -= pilot.share.unwrap_or(0);
        }
        (volume, pilots)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_mean_is_that_of_the_services(services in prop::collection::vec(service(), 0..6)) {
        let records: Vec<ServiceRecord> = services.iter().map(record).collect();
        let found = mean_of_services(&records, Figure::Cost);
        let reductions: Vec<Small> = services
            .iter()
            .filter_map(|(_, pilots)| both_sides(pilots))
            .filter(|(base, _)| base.0 != 0)
            .map(|(base, end)| Small::new((base.0 * end.1 - end.0 * base.1) * base.1, base.1 * end.1 * base.0))
            .collect();
        let n = i128::try_from(reductions.len()).unwrap();
        let sum = reductions.iter().fold(Small(0, 1), |sum, one| sum.plus(*one));
        prop_assert_eq!(i128::from(found.services), n);
        prop_assert_eq!(found.services + found.left_out.number(), i64::try_from(services.len()).unwrap());
        match n {
            0 => prop_assert!(found.percent.is_err()),
            _ => prop_assert_eq!(found.percent, Ok(text(Small::new(sum.0, sum.1 * n).rounded(1000), 1))),
        }
    }

    #[test]
    fn pooled_is_the_effort_of_all_citizens(services in prop::collection::vec(service(), 0..6)) {
        let records: Vec<ServiceRecord> = services.iter().map(record).collect();
        let found = pooled(&records, Figure::Time);
        let (mut before, mut after, mut n) = (Small(0, 1), Small(0, 1), 0);
        for (volume, pilots) in &services {
            if let (Some(volume), Some((base, end))) = (volume, both_sides(pilots)) {
                before = before.plus(Small::new(base.0 * i128::from(*volume), base.1));
                after = after.plus(Small::new(end.0 * i128::from(*volume), end.1));
                n += 1;
            }
        }
        prop_assert_eq!(found.services, n);
        prop_assert_eq!(found.services + found.left_out.number(), i64::try_from(services.len()).unwrap());
        if before.0 == 0 {
            prop_assert_eq!(found.percent.is_err(), true);
            prop_assert!(n == 0 || found.percent == Err(FigureGap::BaselineZero));
        } else {
            let saved = before.plus(Small(-after.0, after.1));
            prop_assert_eq!(found.percent, Ok(text(Small::new(saved.0 * before.1, saved.1 * before.0).rounded(1000), 1)));
        }
    }

    #[test]
    fn savings_are_those_of_the_pilots_by_their_shares(services in prop::collection::vec(service(), 0..6), year in 2023_i32..2029, per_hour in 0_i64..10_000) {
        let records: Vec<ServiceRecord> = services.iter().map(record).collect();
        let found = spared(&records, Figure::Cost, FiscalYear::beginning_in(year));
        let (mut sum, mut counted, mut n) = (Small(0, 1), 0, 0);
        for (volume, pilots) in &services {
            let in_year = || pilots.iter().filter(|pilot| pilot.saves_from != 0 && pilot.saves_from <= year);
            let is_sole = in_year().count() == 1 && in_year().all(|pilot| pilot.share.is_none());
            let of_service: Vec<Small> = pilots
                .iter()
                .filter(|pilot| pilot.saves_from != 0 && pilot.saves_from <= year)
                .filter_map(|pilot| {
                    let (base, end) = pilot.sides()?;
                    let share = pilot.share.or(is_sole.then_some(10_000))?;
                    Some(Small::new(i128::from((*volume)?) * i128::from(share) * (base - end), 10_000))
                })
                .collect();
            counted += of_service.len();
            n += i64::from(!of_service.is_empty());
            sum = of_service.into_iter().fold(sum, Small::plus);
        }
        let all: usize = services.iter().map(|(_, pilots)| pilots.len()).sum();
        prop_assert_eq!((found.services, found.pilots), (n, i64::try_from(counted).unwrap()));
        prop_assert_eq!(found.pilots + found.pilots_left_out.number(), i64::try_from(all).unwrap());
        prop_assert_eq!(found.services + found.services_left_out.number(), i64::try_from(services.len()).unwrap());
        match &found.amount {
            None => prop_assert_eq!(n, 0),
            Some(amount) => {
                prop_assert_eq!(written(amount), Some(text(sum.rounded(1), 2)));
                let value = Small::new(sum.0 * i128::from(per_hour), sum.1 * 6_000);
                prop_assert_eq!(valued(amount, per_hour), Some(text(value.rounded(1), 2)));
            }
        }
    }

    #[test]
    fn the_pilots_of_a_service_make_up_its_savings((volume, pilots) in service(), year in 2023_i32..2029) {
        let whole = record(&(volume, pilots.clone()));
        let year = FiscalYear::beginning_in(year);
        let together = spared_by(&whole.totals, volume, Figure::Time, year, whole.totals.is_sole(year));
        let mut sum = BigInt::ZERO;
        for pilot in &pilots {
            let own = ServiceTotals::of_one(pilot.method, pilot.saves_from, pilot.totals());
            sum += spared_by(&own, volume, Figure::Time, year, whole.totals.is_sole(year)).amount.unwrap_or_default();
        }
        prop_assert_eq!(together.amount.unwrap_or_default(), sum);
    }

    #[test]
    fn no_use_is_counted_twice((volume, mut pilots) in service()) {
        // All pilots spared the same: with shares of at most 1 that is at most what the whole service spared.
        for pilot in &mut pilots {
            (pilot.base, pilot.end, pilot.saves_from) = (Some(10), Some(3), 2024);
        }
        let record = record(&(volume, pilots));
        let found = spared(&[record], Figure::Cost, FiscalYear::beginning_in(2025));
        prop_assert!(found.amount.unwrap_or_default() <= BigInt::from(volume.unwrap_or(0)) * 7 * 10_000);
    }
}

#[test]
fn the_published_figures_come_out() {
    let one = |base, end| Pilot { method: "2026.1", saves_from: 2024, share: None, base, end };
    let records = [record(&(Some(10), vec![one(Some(250_000), Some(7_500))]))];
    assert_eq!(mean_of_services(&records, Figure::Cost).percent, Ok("97.0".to_owned()));
    assert_eq!(pooled(&records, Figure::Cost).percent, Ok("97.0".to_owned()));
    let records = [record(&(Some(10), vec![one(Some(100), Some(23))]))];
    assert_eq!(mean_of_services(&records, Figure::Time).percent, Ok("77.0".to_owned()));
    assert_eq!(mean_of_services(&records, Figure::Visits).percent, Err(FigureGap::NotMeasured));
}

#[test]
fn the_largest_records_do_not_overflow() {
    // Eleven digits before the point, five parts, a billion uses, a thousand services.
    let most = 5 * 9_999_999_999_999;
    let one =
        |base, end| Pilot { method: "2026.1", saves_from: 2024, share: Some(10_000), base: Some(base), end: Some(end) };
    let records = vec![record(&(Some(1_000_000_000), vec![one(most, 0)])); 1_000];
    let found = spared(&records, Figure::Cost, FiscalYear::beginning_in(2024));
    let amount = found.amount.unwrap();
    assert_eq!(written(&amount).as_deref(), Some("499999999999950000000000.00"));
    assert!(valued(&amount, 9_999_999_999_999).is_some_and(|text| text.len() > 30));
    assert_eq!(pooled(&records, Figure::Cost).percent, Ok("100.0".to_owned()));
    let worse = vec![record(&(Some(1_000_000_000), vec![one(1, most)])); 3];
    assert_eq!(mean_of_services(&worse, Figure::Cost).percent, Ok("-4999999999999400.0".to_owned()));
}
