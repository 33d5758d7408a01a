//! What citizens were spared in a fiscal year. Pure and exact; money and time are never put together.
//!
//! A pilot p with the share w of a service that was used N times in the year spared w·N·(C_base - C_end) poisha, and
//! w·N·(T_base - T_end)/60 hours, which are valued apart. A service's savings are those of its pilots together, a
//! sector's those of its services. Shares are at most 1 together, so no use of a service is counted twice.
//!
//! A pilot saves when it has passed gate 2, and in fiscal years that begin after its endline was over: a year in which
//! the change came is not counted, not even in part. The only pilot that saves in a year has the share 1 of its service
//! unless one was set; one that does not save in the year yet takes nothing from it.

use num_bigint::BigInt;

use super::{
    exact::{Fraction, decimal},
    gaps::{FigureGap, Gaps},
    records::ServiceRecord,
    totals::{Figure, ServiceTotals},
};
use crate::platform::fiscal_year::FiscalYear;

/// A share of 1.
const WHOLE: i128 = 10_000;

/// What pilots spared, times ten thousand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spared {
    /// Ten-thousandths of hundredths of a minute or of poisha; `None` when no pilot counts.
    pub amount: Option<BigInt>,
    /// How many services are in it.
    pub services: i64,
    /// How many pilots.
    pub pilots: i64,
    /// The services that are not, each with its chief reason.
    pub services_left_out: Gaps,
    /// The pilots that are not.
    pub pilots_left_out: Gaps,
}

/// What one service's pilots spared in a year; `is_sole` is whether the one pilot has the whole service.
pub fn spared_by(
    totals: &ServiceTotals,
    volume: Option<i64>,
    figure: Figure,
    year: FiscalYear,
    is_sole: bool,
) -> Spared {
    let (mut difference, mut pilots, mut left_out) = (0_i128, 0, Gaps::default());
    for (saves_from, part) in totals.parts() {
        let measured = part.figure(figure);
        if saves_from == 0 {
            left_out.add(FigureGap::NotCompleted, part.pilots);
        } else if saves_from > year.begins_in() {
            left_out.add(FigureGap::TooEarly, part.pilots);
        } else {
            left_out.add(FigureGap::NotMeasured, part.pilots - measured.measured);
            if is_sole {
                pilots += measured.measured;
                difference += (measured.base.0 - measured.end.0) * WHOLE;
            } else {
                left_out.add(FigureGap::NoShare, measured.measured - measured.shared);
                pilots += measured.shared;
                difference += measured.shared_base.0 - measured.shared_end.0;
            }
        }
    }
    let amount = volume.filter(|_| pilots > 0).map(|volume| BigInt::from(difference) * volume);
    if amount.is_none() {
        left_out.add(FigureGap::NoVolume, pilots);
        pilots = 0;
    }
    let mut services_left_out = Gaps::default();
    if amount.is_none() {
        services_left_out.add(left_out.chief(), 1);
    }
    Spared { services: i64::from(amount.is_some()), amount, pilots, services_left_out, pilots_left_out: left_out }
}

/// What many services spared.
pub fn spared(records: &[ServiceRecord], figure: Figure, year: FiscalYear) -> Spared {
    let mut all = Spared {
        amount: None,
        services: 0,
        pilots: 0,
        services_left_out: Gaps::default(),
        pilots_left_out: Gaps::default(),
    };
    for record in records {
        let one = spared_by(&record.totals, record.volume, figure, year, record.totals.is_sole(year));
        all.amount = match (all.amount, one.amount) {
            (Some(left), Some(right)) => Some(left + right),
            (left, right) => left.or(right),
        };
        all.services += one.services;
        all.pilots += one.pilots;
        all.services_left_out.add_all(&one.services_left_out);
        all.pilots_left_out.add_all(&one.pilots_left_out);
    }
    all
}

/// An amount written with two decimals: taka, or minutes.
pub fn written(amount: &BigInt) -> Option<String> {
    Some(decimal(&Fraction::new(amount.clone(), WHOLE)?.rounded(), 2))
}

/// What an amount of time is worth in taka, at so many poisha an hour.
pub fn valued(amount: &BigInt, per_hour: i64) -> Option<String> {
    // Hundredths of a minute: 6,000 to the hour.
    Some(decimal(&Fraction::new(amount * per_hour, WHOLE * 6_000)?.rounded(), 2))
}
