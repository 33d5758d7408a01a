//! What is written of a round, and the rules within it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    policy::{Criterion, EligibilityRule},
    rows::RoundRow,
};
use crate::{
    features::funding::amounts::more_than_nothing,
    platform::{
        clock::Timestamp,
        db::json_list::JsonList,
        money::MoneyInput,
        quantity::Hundredths,
        text::{ProseInput, TitleInput, columns},
        web::body::{broken_rule, maximum, of_field, some_language},
    },
};

/// A round as its officers write it. Its rubric may grow until the round opens.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "closes_after_it_opens"))]
#[validate(schema(function = "largest_is_not_smallest"))]
#[validate(schema(function = "released_once_closed"))]
#[schema(example = json!({
    "theme": {"bn": "কাছের সেবা", "en": "Services close by"}, "description": {"en": "For upazila offices."},
    "opens_at": "2026-08-01T00:00:00.000+06:00", "closes_at": "2026-09-30T23:59:59.000+06:00", "is_sealed": true,
    "smallest_award": {"amount": "50000.00", "currency": "BDT"}, "largest_award": {"amount": "500000.00", "currency": "BDT"},
    "two_approvers_above": {"amount": "300000.00", "currency": "BDT"},
    "minimum_reviewers": 2, "panel_quorum": 3, "spread_threshold_percent": "25.00",
    "rubric": [{
        "code": "impact", "title": {"bn": "নাগরিকের উপকার", "en": "Benefit to citizens"}, "weight": 60,
        "anchors": [{"score": 1, "meaning": {"bn": "সামান্য", "en": "Little"}}, {"score": 5, "meaning": {"bn": "অনেক", "en": "Much"}}]
    }],
    "eligibility_rules": [{
        "code": "co_funding", "kind": "co_funding", "statement": {"bn": "অন্তত ১০% স্থানীয় অর্থ", "en": "At least 10 % local money"},
        "percent": 10
    }],
    "minimum_utilisation": 75, "most_tranches": 4, "agreement_within_days": 30, "release_on": "2026-11-15"
}))]
pub struct FundingRoundContent {
    /// What it is about.
    #[validate(custom(function = "some_language"))]
    pub theme: TitleInput,
    /// What it is for.
    #[validate(custom(function = "some_language"))]
    #[serde(default)]
    pub description: Option<ProseInput>,
    /// From when it takes requests.
    #[schema(value_type = String, format = DateTime, max_length = 40)]
    pub opens_at: Timestamp,
    /// Until when; later than it opens.
    #[schema(value_type = String, format = DateTime, max_length = 40)]
    pub closes_at: Timestamp,
    /// Whether nobody but applicants sees a request before the round is closed.
    pub is_sealed: bool,
    /// The least that is given; more than nothing.
    #[validate(custom(function = "more_than_nothing"))]
    pub smallest_award: MoneyInput,
    /// The most that is given.
    pub largest_award: MoneyInput,
    /// An award above this needs two approvers.
    pub two_approvers_above: MoneyInput,
    /// So many reviews a request needs.
    #[schema(minimum = 1, maximum = 10)]
    pub minimum_reviewers: i32,
    /// So many of the panel have to be there.
    #[schema(minimum = 1, maximum = 50)]
    pub panel_quorum: i32,
    /// Percent between the highest and the lowest score above which they are flagged; at most 100.00.
    #[schema(inline)]
    #[validate(custom(function = "at_most_all"))]
    pub spread_threshold_percent: Hundredths,
    /// What reviewers score; asked for when the round opens.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 30)]
    pub rubric: Vec<Criterion>,
    /// What a request has to fulfil.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 30)]
    pub eligibility_rules: Vec<EligibilityRule>,
    /// Percent of a tranche that has to be spent before the next one is paid.
    #[schema(minimum = 0, maximum = 100)]
    pub minimum_utilisation: i32,
    /// So many tranches at most.
    #[schema(minimum = 1, maximum = 20)]
    pub most_tranches: i32,
    /// Days after the release within which the agreement is signed.
    #[schema(minimum = 1, maximum = 365)]
    pub agreement_within_days: i32,
    /// The first day in Dhaka on which results are released; not before the round closes.
    pub release_on: NaiveDate,
}

/// Changes to a round (RFC 7396): what is absent stays, null empties; lists are replaced whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the members of a merge patch; the merged record is read as FundingRoundContent"
)]
#[schema(example = json!({"minimum_reviewers": 3, "release_on": "2026-12-01"}))]
pub struct FundingRoundPatch {
    #[schema(nullable = false)]
    theme: Option<TitleInput>,
    description: Option<ProseInput>,
    #[schema(nullable = false, value_type = Option<String>, format = DateTime, max_length = 40)]
    opens_at: Option<String>,
    #[schema(nullable = false, value_type = Option<String>, format = DateTime, max_length = 40)]
    closes_at: Option<String>,
    #[schema(nullable = false)]
    is_sealed: Option<bool>,
    #[schema(nullable = false)]
    smallest_award: Option<MoneyInput>,
    #[schema(nullable = false)]
    largest_award: Option<MoneyInput>,
    #[schema(nullable = false)]
    two_approvers_above: Option<MoneyInput>,
    #[schema(nullable = false, minimum = 1, maximum = 10)]
    minimum_reviewers: Option<i32>,
    #[schema(nullable = false, minimum = 1, maximum = 50)]
    panel_quorum: Option<i32>,
    #[schema(inline, nullable = false)]
    spread_threshold_percent: Option<Hundredths>,
    #[schema(max_items = 30)]
    rubric: Option<Vec<Criterion>>,
    #[schema(max_items = 30)]
    eligibility_rules: Option<Vec<EligibilityRule>>,
    #[schema(nullable = false, minimum = 0, maximum = 100)]
    minimum_utilisation: Option<i32>,
    #[schema(nullable = false, minimum = 1, maximum = 20)]
    most_tranches: Option<i32>,
    #[schema(nullable = false, minimum = 1, maximum = 365)]
    agreement_within_days: Option<i32>,
    #[schema(nullable = false)]
    release_on: Option<NaiveDate>,
}

fn at_most_all(percent: &Hundredths) -> Result<(), ValidationError> {
    if percent.value() <= 10_000 {
        return Ok(());
    }
    Err(maximum("100.00", broken_rule("maximum", "This may be at most 100.00.|এটি সর্বোচ্চ 100.00 হতে পারে।")))
}

fn closes_after_it_opens(content: &FundingRoundContent) -> Result<(), ValidationError> {
    if content.closes_at > content.opens_at {
        return Ok(());
    }
    let rule = broken_rule("period_reversed", "The round closes after it opens.|পর্ব খোলার পরে বন্ধ হতে হবে।");
    Err(of_field("closes_at", rule))
}

fn largest_is_not_smallest(content: &FundingRoundContent) -> Result<(), ValidationError> {
    if content.largest_award.poisha() >= content.smallest_award.poisha() {
        return Ok(());
    }
    let rule = broken_rule(
        "amounts_reversed",
        "The largest award is not smaller than the smallest.|সর্বোচ্চ অনুদান সর্বনিম্নের চেয়ে কম হতে পারে না।",
    );
    Err(of_field("largest_award", rule))
}

fn released_once_closed(content: &FundingRoundContent) -> Result<(), ValidationError> {
    if content.release_on >= content.closes_at.day_in_dhaka() {
        return Ok(());
    }
    let rule = broken_rule(
        "period_reversed",
        "Results are released no earlier than the day on which the round closes.|পর্ব বন্ধের দিনের আগে ফলাফল প্রকাশ করা যায় না।",
    );
    Err(of_field("release_on", rule))
}

impl FundingRoundContent {
    /// The content of a stored round, to be patched.
    pub fn of(row: &RoundRow) -> Self {
        let description = (row.description_bn.is_some() || row.description_en.is_some())
            .then(|| ProseInput { bn: row.description_bn.clone(), en: row.description_en.clone() });
        Self {
            theme: TitleInput { bn: row.theme_bn.clone(), en: row.theme_en.clone() },
            description,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            is_sealed: row.is_sealed,
            smallest_award: MoneyInput::from_poisha(row.smallest_award),
            largest_award: MoneyInput::from_poisha(row.largest_award),
            two_approvers_above: MoneyInput::from_poisha(row.two_approvers_above),
            minimum_reviewers: row.minimum_reviewers,
            panel_quorum: row.panel_quorum,
            spread_threshold_percent: Hundredths::new(row.spread_threshold.into()),
            rubric: row.rubric.to_vec(),
            eligibility_rules: row.eligibility_rules.to_vec(),
            minimum_utilisation: row.minimum_utilisation,
            most_tranches: row.most_tranches,
            agreement_within_days: row.agreement_within_days,
            release_on: row.release_on,
        }
    }

    /// The row with this content.
    pub fn onto(&self, row: RoundRow) -> RoundRow {
        let (theme_bn, theme_en) = columns(Some(&self.theme));
        let (description_bn, description_en) = columns(self.description.as_ref());
        RoundRow {
            theme_bn,
            theme_en,
            description_bn,
            description_en,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            is_sealed: self.is_sealed,
            smallest_award: self.smallest_award.poisha(),
            largest_award: self.largest_award.poisha(),
            two_approvers_above: self.two_approvers_above.poisha(),
            minimum_reviewers: self.minimum_reviewers,
            panel_quorum: self.panel_quorum,
            spread_threshold: i32::try_from(self.spread_threshold_percent.value()).unwrap_or(10_000),
            rubric: JsonList::new(self.rubric.clone()),
            eligibility_rules: JsonList::new(self.eligibility_rules.clone()),
            minimum_utilisation: self.minimum_utilisation,
            most_tranches: self.most_tranches,
            agreement_within_days: self.agreement_within_days,
            release_on: self.release_on,
            ..row
        }
    }
}
