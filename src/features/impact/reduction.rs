//! The reduction of time, cost and visits by service and over many services. Pure and exact.
//!
//! **Of a service.** Of the versions of the method the newest by which a pilot has both sides counts, and of that all
//! pilots. Where each of them has a share w of the service (see `attributions`) and the shares are not all nothing,
//! B = Σ w·b / Σ w, else B = Σ b / k over k pilots; E likewise. The reduction is (B - E) / B.
//!
//! **`mean_of_services`** is Σ (B - E)/B over the n services, divided by n: every service counts alike.
//!
//! **`pooled`** is Σ N·(B - E) / Σ N·B: N is the service's volume of the fiscal year, so it is the share of all
//! citizens' effort that has gone. A service that cost nothing before and costs something now counts here.

use num_bigint::BigInt;

use super::{
    exact::Fraction,
    gaps::{FigureGap, Gaps},
    records::ServiceRecord,
    totals::{Figure, FigureTotals, ServiceTotals, Totals},
};
use crate::features::tcv::by_version;

/// The pilots of a service that are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combined {
    /// The version of the method; `None` without a pilot.
    pub method_version: Option<String>,
    /// Their sums.
    pub totals: Totals,
    /// How many pilots were measured by older versions only.
    pub other_method: i64,
}

/// Those of the newest version.
pub fn combined(totals: &ServiceTotals) -> Combined {
    let newest = totals.0.iter().max_by(|(left, _), (right, _)| by_version(left, right));
    let Some((version, years)) = newest else {
        return Combined { method_version: None, totals: Totals::default(), other_method: 0 };
    };
    let together = years.values().fold(Totals::default(), |sum, part| sum + *part);
    let other_method = totals.pilots() - together.pilots;
    Combined { method_version: Some(version.clone()), totals: together, other_method }
}

/// Both sides of one figure of a service, over one denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Before, times `over`.
    pub base: i128,
    /// After, times `over`.
    pub end: i128,
    /// What both are divided by: positive.
    pub over: i128,
    /// Whether the pilots count by their shares, not alike.
    pub is_shared: bool,
}

/// `None`: no pilot measured it.
pub fn sides(totals: &FigureTotals) -> Option<Sides> {
    if totals.measured == 0 {
        None
    } else if totals.shared == totals.measured && totals.share > 0 {
        let (base, end) = (totals.shared_base.0, totals.shared_end.0);
        Some(Sides { base, end, over: i128::from(totals.share), is_shared: true })
    } else {
        let (base, end) = (totals.base.0, totals.end.0);
        Some(Sides { base, end, over: i128::from(totals.measured), is_shared: false })
    }
}

impl Sides {
    /// (B - E) / B.
    ///
    /// # Errors
    /// `BaselineZero`.
    pub fn reduction(&self) -> Result<Fraction, FigureGap> {
        Fraction::new(self.base - self.end, self.base).ok_or(FigureGap::BaselineZero)
    }
}

/// A figure over many services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overall {
    /// In percent with one decimal, or why not.
    pub percent: Result<String, FigureGap>,
    /// How many services are in it.
    pub services: i64,
    /// How many pilots.
    pub pilots: i64,
    /// The services that are not.
    pub left_out: Gaps,
}

/// Every service alike.
pub fn mean_of_services(records: &[ServiceRecord], figure: Figure) -> Overall {
    let (mut terms, mut pilots, mut left_out) = (Vec::new(), 0, Gaps::default());
    for record in records {
        let combined = combined(&record.totals);
        let totals = combined.totals.figure(figure);
        match sides(totals).ok_or(FigureGap::NotMeasured).and_then(|sides| sides.reduction()) {
            Ok(reduction) => {
                terms.push(reduction);
                pilots += totals.measured;
            }
            Err(gap) => left_out.add(gap, 1),
        }
    }
    let number = terms.len();
    let services = i64::try_from(number).unwrap_or(i64::MAX);
    let percent = Fraction::sum(terms).over(number).map(Fraction::percent).ok_or_else(|| left_out.chief());
    Overall { percent, services, pilots, left_out }
}

/// Every use of a service alike.
pub fn pooled(records: &[ServiceRecord], figure: Figure) -> Overall {
    let (mut before, mut gone, mut pilots, mut services, mut left_out) =
        (Vec::new(), Vec::new(), 0, 0, Gaps::default());
    for record in records {
        let combined = combined(&record.totals);
        let totals = combined.totals.figure(figure);
        let Some(sides) = sides(totals) else {
            left_out.add(FigureGap::NotMeasured, 1);
            continue;
        };
        let Some(volume) = record.volume else {
            left_out.add(FigureGap::NoVolume, 1);
            continue;
        };
        let volume = BigInt::from(volume);
        let times = |part: i128| Fraction::new(BigInt::from(part) * &volume, sides.over);
        if let (Some(base), Some(saved)) = (times(sides.base), times(sides.base - sides.end)) {
            before.push(base);
            gone.push(saved);
            services += 1;
            pilots += totals.measured;
        }
    }
    let gap = if services > 0 { FigureGap::BaselineZero } else { left_out.chief() };
    let percent = Fraction::sum(gone).divided_by(Fraction::sum(before)).map(Fraction::percent).ok_or(gap);
    Overall { percent, services, pilots, left_out }
}
