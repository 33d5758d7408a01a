//! The rules that are checked by themselves, and what they say: pure.

use super::rows::FundingRequestRow;
use crate::{
    features::funding::rounds::policy::{EligibilityRule, RuleKind},
    platform::{money::Money, text::Bilingual},
};

/// What automatic rules look at besides the request.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// A plan version is submitted or in force.
    pub has_plan: bool,
    /// A deputy is named.
    pub has_deputy: bool,
    /// A baseline of the service is verified.
    pub has_baseline: bool,
}

/// Whether an automatic rule is met, and why; `None` for one that a person decides.
pub fn evaluate(rule: &EligibilityRule, row: &FundingRequestRow, seen: Seen) -> Option<(bool, Bilingual)> {
    let say = |is_met: bool, met: (&'static str, &'static str), unmet: (&'static str, &'static str)| {
        let (en, bn) = if is_met { met } else { unmet };
        Some((is_met, Bilingual::new(en, bn)))
    };
    match rule.kind {
        RuleKind::Manual => None,
        RuleKind::PlanSubmitted => say(
            seen.has_plan,
            ("A plan version is submitted.", "একটি পরিকল্পনা জমা দেওয়া আছে।"),
            ("No plan version is submitted.", "কোনো পরিকল্পনা জমা দেওয়া হয়নি।"),
        ),
        RuleKind::DeputyNamed => say(
            seen.has_deputy,
            ("An owner and a deputy are named.", "স্বত্বাধিকারী ও সহকারীর নাম দেওয়া আছে।"),
            ("No deputy is named.", "কোনো সহকারীর নাম দেওয়া হয়নি।"),
        ),
        RuleKind::BaselineVerified => say(
            seen.has_baseline,
            ("A baseline of the service is verified.", "সেবার একটি ভিত্তি পরিমাপ যাচাই করা আছে।"),
            ("No baseline of the service is verified.", "সেবার কোনো ভিত্তি পরিমাপ যাচাই করা হয়নি।"),
        ),
        RuleKind::CoFunding => Some(co_funding(rule, row)),
    }
}

/// Exact: no share is rounded in anyone's favour.
fn co_funding(rule: &EligibilityRule, row: &FundingRequestRow) -> (bool, Bilingual) {
    let percent = rule.percent.unwrap_or(0);
    let given = row.co_funding.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount.poisha()));
    let is_met = i128::from(given) * 100 >= i128::from(row.requested) * i128::from(percent);
    let (given, requested) = (Money::from_poisha(given).amount, Money::from_poisha(row.requested).amount);
    let detail = Bilingual::new(
        format!("Others give {given} taka; the rule asks for {percent} % of the {requested} taka requested."),
        format!("অন্যরা দিচ্ছে {given} টাকা; নিয়মে প্রয়োজন আবেদিত {requested} টাকার {percent} %।"),
    );
    (is_met, detail)
}
