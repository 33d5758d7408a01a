//! What was left out of a figure, and why. It is counted and shown; it never counts as nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::text_enum::text_enum;

text_enum! {
    /// Why something is not in a figure. In the order of how far it got: the first one that applies to anything is the
    /// reason for the whole, since services that were never measured keep nobody from the figure of one that was.
    FigureGap {
        /// Nobody recorded how often the service was used in that year.
        NoVolume = "no_volume",
        /// Nobody recorded what an hour was worth in that year.
        NoValueOfTime = "no_value_of_time",
        /// The baseline is nothing, so there is nothing to relate the endline to.
        BaselineZero = "baseline_zero",
        /// Several pilots changed the service, and nobody has said which share is this one's.
        NoShare = "no_share",
        /// The fiscal year began before the endline was over.
        TooEarly = "too_early",
        /// The pilot has not passed gate 2.
        NotCompleted = "not_completed",
        /// It was measured by an older version of the method than that of the figure.
        OtherMethod = "other_method",
        /// One side or both were not measured, or not confirmed as far as you may see.
        NotMeasured = "not_measured",
    }
}

/// So many were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOutView {
    /// Why.
    #[schema(inline)]
    pub reason: FigureGap,
    /// How many.
    #[schema(minimum = 1)]
    pub number: i64,
}

/// Counts by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps(BTreeMap<FigureGap, i64>);

impl Gaps {
    /// So many more.
    pub fn add(&mut self, reason: FigureGap, number: i64) {
        if number != 0 {
            *self.0.entry(reason).or_default() += number;
        }
    }

    /// All of another count.
    pub fn add_all(&mut self, other: &Self) {
        for (reason, number) in &other.0 {
            self.add(*reason, *number);
        }
    }

    /// All together.
    #[cfg(test)]
    pub fn number(&self) -> i64 {
        self.0.values().sum()
    }

    /// The reason to give when nothing is left: that of whatever came nearest to being in the figure.
    pub fn chief(&self) -> FigureGap {
        self.0.keys().next().copied().unwrap_or(FigureGap::NotMeasured)
    }

    /// As it is shown.
    pub fn view(&self) -> Vec<LeftOutView> {
        self.0.iter().map(|(reason, number)| LeftOutView { reason: *reason, number: *number }).collect()
    }
}
