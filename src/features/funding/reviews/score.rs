//! What scores come to: exact, rounded once, pure.

use num_bigint::BigInt;

use super::content::CriterionScore;
use crate::features::funding::rounds::policy::Criterion;

/// Hundredths of a percent in the whole.
const WHOLE: i32 = 10_000;

/// `sum(w·x) / sum(w)` over the criteria that were answered, in hundredths of a percent, rounded half up; `x` is how far
/// between its lowest and its highest anchor a score lies. What is not applicable is left out, and with it its weight.
/// `None` when nothing was answered.
pub fn review_score(rubric: &[Criterion], scores: &[CriterionScore]) -> Option<i32> {
    let (mut numerator, mut denominator) = (BigInt::ZERO, BigInt::from(1));
    let mut weights = BigInt::ZERO;
    for criterion in rubric {
        let given = scores.iter().find(|score| score.criterion == criterion.code).and_then(|score| score.score);
        let (lowest, highest) = criterion.bounds();
        let Some(score) = given.filter(|_| highest > lowest) else { continue };
        let range = BigInt::from(highest - lowest);
        let part = BigInt::from(criterion.weight) * BigInt::from(score - lowest);
        numerator = numerator * &range + part * &denominator;
        denominator *= range;
        weights += criterion.weight;
    }
    let divisor = denominator * &weights;
    if weights == BigInt::ZERO {
        return None;
    }
    let doubled: BigInt = numerator * WHOLE * 2 + &divisor;
    i32::try_from(doubled / (divisor * 2)).ok()
}

/// What the reviews of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// So many reviews are in.
    pub count: i32,
    /// Their mean, in hundredths of a percent, rounded half up.
    pub score: Option<i32>,
    /// Between the highest and the lowest of them.
    pub spread: Option<i32>,
    /// Whether they lie further apart than the round takes for granted.
    pub is_spread_high: bool,
}

impl Outcome {
    /// Of these scores.
    pub fn of(scores: &[i32], threshold: i32) -> Self {
        let count = i64::try_from(scores.len()).unwrap_or(i64::MAX);
        let sum: i64 = scores.iter().copied().map(i64::from).sum();
        let mean = (2 * sum + count).checked_div(2 * count).and_then(|mean| i32::try_from(mean).ok());
        let spread = scores.iter().max().zip(scores.iter().min()).map(|(highest, lowest)| highest - lowest);
        Self {
            count: i32::try_from(count).unwrap_or(i32::MAX),
            score: mean,
            spread,
            is_spread_high: spread.is_some_and(|spread| spread > threshold),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{features::funding::rounds::policy::Anchor, platform::text::TitleInput};

    fn criterion(code: &str, weight: i32, lowest: i32, highest: i32) -> Criterion {
        let anchor = |score| Anchor { score, meaning: TitleInput::default() };
        let anchors = vec![anchor(lowest), anchor(highest)];
        Criterion { code: code.to_owned(), title: TitleInput::default(), weight, anchors }
    }

    fn given(code: &str, score: Option<i32>) -> CriterionScore {
        CriterionScore { criterion: code.to_owned(), score, comment: None }
    }

    #[test]
    fn what_is_not_applicable_is_left_out_with_its_weight() {
        let rubric = [criterion("impact", 60, 1, 5), criterion("cost", 40, 0, 10)];
        let of = |impact, cost| review_score(&rubric, &[given("impact", impact), given("cost", cost)]);
        assert_eq!(of(Some(5), Some(10)), Some(10_000));
        assert_eq!(of(Some(1), Some(0)), Some(0));
        assert_eq!(of(Some(3), Some(10)), Some(7_000));
        assert_eq!(of(Some(3), None), Some(5_000));
        assert_eq!(of(None, Some(3)), Some(3_000));
        assert_eq!(of(None, None), None);
        assert_eq!(review_score(&rubric, &[given("impact", Some(4))]), Some(7_500));
    }

    #[test]
    fn halves_go_up() {
        // 1/16 is 6.25 %; 1/3 is 33.33…; 2/3 is 66.66…; 1/32 is 3.125 %, the half of a hundredth.
        let of = |score, highest| review_score(&[criterion("a", 7, 0, highest)], &[given("a", Some(score))]);
        assert_eq!((of(1, 16), of(1, 3), of(2, 3), of(1, 32)), (Some(625), Some(3_333), Some(6_667), Some(313)));
        assert_eq!(Outcome::of(&[5_000, 5_001], 0).score, Some(5_001));
        assert_eq!(Outcome::of(&[5_000, 5_000, 5_001], 0).score, Some(5_000));
    }

    #[test]
    fn reviews_far_apart_are_flagged() {
        let nothing = Outcome { count: 0, score: None, spread: None, is_spread_high: false };
        assert_eq!(Outcome::of(&[], 0), nothing);
        assert!(!Outcome::of(&[2_000, 5_000], 3_000).is_spread_high);
        let apart = Outcome::of(&[5_001, 2_000, 4_000], 3_000);
        assert_eq!((apart.count, apart.spread, apart.is_spread_high), (3, Some(3_001), true));
    }

    /// A criterion and its answer: weight, lowest, range, how far up, whether it is answered.
    fn answers() -> impl Strategy<Value = Vec<(i32, i32, i32, i32, bool)>> {
        let one = (1..=1_000_i32, 0..=50_i32, 1..=50_i32, 0..=50_i32, any::<bool>());
        proptest::collection::vec(one.prop_map(|(w, low, range, up, is)| (w, low, range, up.min(range), is)), 0..20)
    }

    proptest! {
        /// `q` is the rounded value of n/d exactly when `d(2q - 1) <= 2n < d(2q + 1)`: asked of the sum written over the
        /// product of all ranges, in another order than the code adds it up.
        #[test]
        fn is_the_rational_number_rounded(parts in answers()) {
            let codes: Vec<String> = (0..parts.len()).map(|place| format!("c{place}")).collect();
            let each = || codes.iter().zip(&parts);
            let rubric: Vec<Criterion> = each().map(|(code, (w, low, range, ..))| criterion(code, *w, *low, low + range)).collect();
            let scores: Vec<CriterionScore> = each().rev().map(|(code, (_, low, _, up, is))| given(code, is.then_some(low + up))).collect();
            let answered: Vec<_> = parts.iter().filter(|part| part.4).collect();
            let product: BigInt = answered.iter().map(|part| BigInt::from(part.2)).product();
            let sum: BigInt = answered.iter().map(|part| BigInt::from(part.0) * part.3 * &product / part.2).sum();
            let weights: BigInt = answered.iter().map(|part| BigInt::from(part.0)).sum();
            match review_score(&rubric, &scores) {
                None => prop_assert!(answered.is_empty()),
                Some(found) => {
                    let (n, d) = (sum * WHOLE, product * weights);
                    prop_assert!((0..=WHOLE).contains(&found));
                    prop_assert!(&d * (2 * found - 1) <= &n * 2 && n * 2 < d * (2 * found + 1));
                }
            }
        }
    }
}
