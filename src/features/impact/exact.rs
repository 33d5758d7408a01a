//! Exact arithmetic for figures: fractions of integers without a bound, rounded once, when they are written.
//!
//! Rounding is half up by magnitude, as everywhere (`tcv::comparison`): 0.05 becomes 0.1 and -0.05 becomes -0.1.

use num_bigint::{BigInt, Sign};

/// A fraction, never shortened; its denominator is positive.
#[derive(Clone, Debug)]
pub struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl Fraction {
    /// `numerator / denominator`; `None` unless the denominator is positive.
    pub fn new(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let denominator = denominator.into();
        (denominator.sign() == Sign::Plus).then(|| Self { numerator: numerator.into(), denominator })
    }

    /// This fraction times a whole number.
    pub fn times(self, factor: impl Into<BigInt>) -> Self {
        Self { numerator: self.numerator * factor.into(), denominator: self.denominator }
    }

    /// This fraction divided by a whole number; `None` unless that is positive.
    pub fn over(self, divisor: impl Into<BigInt>) -> Option<Self> {
        Self::new(self.numerator, self.denominator * divisor.into())
    }

    /// `self / other`; `None` unless the other is positive.
    pub fn divided_by(self, other: Self) -> Option<Self> {
        Self::new(self.numerator * other.denominator, self.denominator * other.numerator)
    }

    fn plus(self, other: Self) -> Self {
        if self.denominator == other.denominator {
            return Self { numerator: self.numerator + other.numerator, denominator: self.denominator };
        }
        Self {
            numerator: self.numerator * &other.denominator + other.numerator * &self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }

    /// The sum. Added up in pairs, so that the large numbers come last and are few.
    pub fn sum(mut terms: Vec<Self>) -> Self {
        while terms.len() > 1 {
            let mut pairs = terms.into_iter();
            let mut sums = Vec::new();
            while let Some(left) = pairs.next() {
                sums.push(match pairs.next() {
                    Some(right) => left.plus(right),
                    None => left,
                });
            }
            terms = sums;
        }
        terms.pop().unwrap_or_else(|| Self { numerator: BigInt::ZERO, denominator: BigInt::from(1) })
    }

    /// The nearest whole number, halves away from zero.
    pub fn rounded(&self) -> BigInt {
        let doubled = BigInt::from(self.numerator.magnitude().clone()) * 2 + &self.denominator;
        let magnitude: BigInt = doubled / (&self.denominator * 2);
        if self.numerator.sign() == Sign::Minus { -magnitude } else { magnitude }
    }

    /// As percent with one decimal: `77.0`.
    pub fn percent(self) -> String {
        decimal(&self.times(1000).rounded(), 1)
    }
}

/// A whole number of the smallest parts, written with so many decimals.
pub fn decimal(parts: &BigInt, places: usize) -> String {
    let digits = format!("{:0>width$}", parts.magnitude().to_string(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{}{whole}.{fraction}", if parts.sign() == Sign::Minus { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn thirds_add_up_to_exactly_a_half_percent() {
        // 1/3 + 2/3 of a thousandth are exactly the tie of one tenth of a percent over two: rounded up, never down.
        let sum = Fraction::sum(vec![fraction(1, 6000), fraction(2, 6000), fraction(0, 7)]);
        assert_eq!(sum.percent(), "0.1");
        assert_eq!(Fraction::sum(vec![fraction(-1, 6000), fraction(-1, 3000)]).percent(), "-0.1");
        assert_eq!(Fraction::sum(vec![fraction(-1, 6001), fraction(-1, 3000)]).percent(), "0.0");
        assert_eq!(Fraction::sum(Vec::new()).percent(), "0.0");
    }

    #[test]
    fn decimals_are_written_whole() {
        for (parts, text) in [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123, "1.23"), (-12_345, "-123.45")] {
            assert_eq!(decimal(&BigInt::from(parts), 2), text);
        }
        assert!(Fraction::new(1, 0).is_none() && Fraction::new(1, -1).is_none());
        assert!(fraction(1, 2).divided_by(fraction(0, 2)).is_none());
    }

    #[test]
    fn nothing_overflows() {
        let large = fraction(i64::MAX, 3).times(i64::MAX).times(i64::MAX);
        assert_eq!(Fraction::sum(vec![large.clone(), large.times(-1)]).rounded(), BigInt::ZERO);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_sum_agrees_with_one_over_a_common_denominator(terms in prop::collection::vec((-10_000_i64..10_000, 1_i64..30), 0..12)) {
            // The least common multiple of all numbers below 30.
            let common: i128 = 2_329_089_562_800;
            let expected: i128 = terms.iter().map(|(top, bottom)| i128::from(*top) * (common / i128::from(*bottom))).sum();
            let magnitude = (2 * 1000 * expected.abs() + common) / (2 * common);
            let tenths = if expected < 0 { -magnitude } else { magnitude };
            let sum = Fraction::sum(terms.iter().map(|(top, bottom)| fraction(*top, *bottom)).collect());
            prop_assert_eq!(sum.percent(), decimal(&BigInt::from(tenths), 1));
        }
    }
}
