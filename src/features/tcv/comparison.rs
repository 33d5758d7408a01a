//! What a pilot changed: the reduction of a figure from baseline to endline, in exact integers.
//!
//! Reduction = (baseline - endline) / baseline × 100. It is a rational number; only its written form is rounded, to
//! one decimal, half up by magnitude (half away from zero: 0.05 becomes 0.1 and -0.05 becomes -0.1). A worsening is
//! negative and stays so. Published check: a cost of 250,000 -> 7,500 poisha is 97.0 %, a time of 100 -> 23 is 77.0 %.

use std::fmt;

use crate::platform::text_enum::text_enum;

text_enum! {
    /// Why there is no reduction to state.
    ReductionGap {
        /// The baseline is nothing, so there is nothing to relate the endline to.
        BaselineZero = "baseline_zero",
        /// One of the two sides was not measured.
        NotMeasured = "not_measured",
        /// There is no baseline that you may see.
        NoBaseline = "no_baseline",
        /// There is no endline by the method of the baseline that you may see.
        NoEndline = "no_endline",
    }
}

/// A reduction, rounded to tenths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reduction {
    tenths: i128,
}

/// The reduction between two measurements of one figure, `None` being: not measured.
///
/// # Errors
/// Why there is none. What was not measured is not measured, even against a baseline of nothing.
pub fn reduction(baseline: Option<i64>, endline: Option<i64>) -> Result<Reduction, ReductionGap> {
    let (baseline, endline) = baseline.zip(endline).ok_or(ReductionGap::NotMeasured)?;
    if baseline == 0 {
        return Err(ReductionGap::BaselineZero);
    }
    // At most 2^64 × 1000 × 2, far within 128 bits.
    let base = i128::from(baseline);
    let thousandfold = (base - i128::from(endline)) * 1000;
    let magnitude = (2 * thousandfold.abs() + base.abs()) / (2 * base.abs());
    let is_negative = (thousandfold < 0) != (base < 0);
    Ok(Reduction { tenths: if is_negative { -magnitude } else { magnitude } })
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.tenths < 0 { "-" } else { "" };
        let magnitude = self.tenths.unsigned_abs();
        write!(f, "{sign}{}.{}", magnitude / 10, magnitude % 10)
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    fn percent(baseline: i64, endline: i64) -> String {
        reduction(Some(baseline), Some(endline)).map_or_else(|gap| gap.as_str().to_owned(), |found| found.to_string())
    }

    #[test]
    fn the_published_figures_come_out() {
        assert_eq!(percent(250_000, 7_500), "97.0");
        assert_eq!(percent(100, 23), "77.0");
        assert_eq!(percent(10_000, 2_300), "77.0");
        assert_eq!(reduction(None, None), Err(ReductionGap::NotMeasured));
    }

    #[test]
    fn what_is_not_measured_is_never_nothing() {
        assert_eq!(reduction(None, Some(0)), Err(ReductionGap::NotMeasured));
        assert_eq!(reduction(Some(5), None), Err(ReductionGap::NotMeasured));
        assert_eq!(reduction(Some(0), None), Err(ReductionGap::NotMeasured));
        assert_eq!(reduction(Some(0), Some(0)), Err(ReductionGap::BaselineZero));
        assert_eq!(reduction(Some(0), Some(7)), Err(ReductionGap::BaselineZero));
    }

    #[test]
    fn a_worsening_stays_negative() {
        assert_eq!(percent(400, 700), "-75.0");
        assert_eq!(percent(1, 100), "-9900.0");
        assert_eq!(percent(100, 100), "0.0");
        assert_eq!(percent(100, 0), "100.0");
    }

    #[test]
    fn halves_go_away_from_zero_and_only_halves() {
        assert_eq!(percent(2_000, 1_999), "0.1"); // 0.05
        assert_eq!(percent(2_000, 2_001), "-0.1"); // -0.05
        assert_eq!(percent(2_000, 1_753), "12.4"); // 12.35
        assert_eq!(percent(2_000, 1_755), "12.3"); // 12.25
        assert_eq!(percent(2_000, 2_247), "-12.4"); // -12.35
        assert_eq!(percent(20_001, 19_991), "0.0"); // 0.049997…
        assert_eq!(percent(19_999, 19_989), "0.1"); // 0.050002…
        assert_eq!(percent(20_001, 20_011), "0.0"); // never "-0.0"
        assert_eq!(percent(3, 2), "33.3");
        assert_eq!(percent(3, 1), "66.7");
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert_eq!(percent(i64::MAX, 0), "100.0");
        assert_eq!(percent(i64::MIN, i64::MAX), "200.0");
        assert_eq!(percent(i64::MAX, i64::MIN), "200.0");
        assert_eq!(percent(1, i64::MAX), "-922337203685477580600.0");
        assert_eq!(percent(1, i64::MIN), "922337203685477580900.0");
        assert_eq!(percent(-1, i64::MIN), "-922337203685477580700.0");
    }

    /// The same number by schoolbook division on decimal digits, without a wide integer: percent with two decimals
    /// and whether anything is left, rounded by looking at the second decimal alone.
    fn by_hand(baseline: i64, endline: i64) -> String {
        let difference = baseline.abs_diff(endline);
        let is_negative = (baseline < endline) != (baseline < 0);
        let divisor = baseline.unsigned_abs();
        let mut rest: u64 = 0;
        let mut digits: Vec<u8> = Vec::new();
        // Two digits for percent, one for the tenth, one to round by: the difference with four zeros behind it.
        for digit in format!("{difference}0000").bytes().map(|byte| byte - b'0') {
            let mut quotient = 0_u8;
            // rest × 10 + digit may pass 64 bits: add ten times and take the divisor out on the way.
            let mut sum = 0_u64;
            for addend in std::iter::repeat_n(rest, 10).chain([u64::from(digit)]) {
                let (total, carried) = sum.overflowing_add(addend);
                sum = total;
                if carried {
                    sum = sum.wrapping_sub(divisor);
                    quotient += 1;
                }
                while sum >= divisor {
                    sum -= divisor;
                    quotient += 1;
                }
            }
            rest = sum;
            digits.push(quotient);
        }
        let round_up = digits.pop().is_some_and(|last| last >= 5);
        if round_up {
            for digit in digits.iter_mut().rev() {
                *digit = (*digit + 1) % 10;
                if *digit != 0 {
                    break;
                }
            }
            if digits.iter().all(|digit| *digit == 0) {
                digits.insert(0, 1);
            }
        }
        let tenth = digits.pop().unwrap_or(0);
        let whole: String = digits.iter().map(u8::to_string).collect();
        let whole = whole.trim_start_matches('0');
        let is_zero = whole.is_empty() && tenth == 0;
        format!(
            "{}{}.{tenth}",
            if is_negative && !is_zero { "-" } else { "" },
            if whole.is_empty() { "0" } else { whole }
        )
    }

    #[test]
    fn the_reference_itself_is_right() {
        assert_eq!(by_hand(250_000, 7_500), "97.0");
        assert_eq!(by_hand(400, 700), "-75.0");
        assert_eq!(by_hand(2_000, 1_753), "12.4");
    }

    fn not_zero() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), -3_000_i64..3_000, Just(i64::MIN), Just(i64::MAX)].prop_filter("not 0", |it| *it != 0)
    }

    fn anything() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), -3_000_i64..3_000, Just(i64::MIN), Just(i64::MAX), Just(0)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_division_by_hand(baseline in not_zero(), endline in anything()) {
            prop_assert_eq!(percent(baseline, endline), by_hand(baseline, endline));
        }

        #[test]
        fn is_the_nearest_tenth_and_halves_go_away_from_zero(baseline in not_zero(), endline in anything()) {
            let found = reduction(Some(baseline), Some(endline)).map_err(|gap| TestCaseError::fail(gap.as_str()))?;
            let (base, exact) = (i128::from(baseline), (i128::from(baseline) - i128::from(endline)) * 1000);
            // Doubled distance of `tenths × base` from the exact numerator, against the size of one tenth.
            match (2 * (found.tenths * base - exact).abs()).cmp(&base.abs()) {
                Ordering::Less => {}
                Ordering::Equal => prop_assert!((found.tenths * base).abs() > exact.abs()),
                Ordering::Greater => prop_assert!(false, "not the nearest: {}", found),
            }
        }

        #[test]
        fn the_unit_does_not_matter(baseline in 1_i64..1_000_000_000, endline in 0_i64..1_000_000_000, unit in 1_i64..1_000_000) {
            prop_assert_eq!(percent(baseline, endline), percent(baseline * unit, endline * unit));
        }

        #[test]
        fn less_effort_is_never_less_reduction(baseline in 1_i64..=i64::MAX, one in 0_i64..=i64::MAX, two in 0_i64..=i64::MAX) {
            let found = |endline| reduction(Some(baseline), Some(endline));
            prop_assert!(found(one.min(two)) >= found(one.max(two)));
            prop_assert_eq!(percent(baseline, baseline), "0.0");
            prop_assert_eq!(percent(baseline, 0), "100.0");
        }
    }
}
