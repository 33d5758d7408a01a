//! What a round asks and allows: its rubric and its rules of eligibility. Data, none of it code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::platform::{text::TitleInput, text_enum::text_enum, web::body::some_language};

/// What a score means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"score": 5, "meaning": {"bn": "চমৎকার", "en": "Excellent"}}))]
pub struct Anchor {
    /// The score.
    #[schema(minimum = 0, maximum = 100)]
    pub score: i32,
    /// What it means.
    #[validate(custom(function = "some_language"))]
    pub meaning: TitleInput,
}

/// A criterion that reviewers score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "impact", "title": {"bn": "নাগরিকের উপকার", "en": "Benefit to citizens"}, "weight": 60,
    "anchors": [{"score": 1, "meaning": {"bn": "সামান্য", "en": "Little"}}, {"score": 5, "meaning": {"bn": "অনেক", "en": "Much"}}]
}))]
pub struct Criterion {
    /// By which reviews name it.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$", example = "impact")]
    pub code: String,
    /// What is asked.
    #[validate(custom(function = "some_language"))]
    pub title: TitleInput,
    /// Its share in the score of the whole, among the weights of all.
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: i32,
    /// The scores there are, lowest first; at least two. A score between the lowest and the highest may be given.
    #[validate(nested)]
    #[schema(min_items = 2, max_items = 11)]
    pub anchors: Vec<Anchor>,
}

impl Criterion {
    /// The lowest and the highest score.
    pub fn bounds(&self) -> (i32, i32) {
        let scores = || self.anchors.iter().map(|anchor| anchor.score);
        (scores().min().unwrap_or(0), scores().max().unwrap_or(0))
    }
}

text_enum! {
    /// How a rule is checked.
    RuleKind {
        /// By the fund officer, who says why.
        Manual = "manual",
        /// By itself: a plan version is submitted.
        PlanSubmitted = "plan_submitted",
        /// By itself: owner and deputy are named.
        DeputyNamed = "deputy_named",
        /// By itself: a baseline of the service is verified.
        BaselineVerified = "baseline_verified",
        /// By itself: others give at least `percent` of what is requested.
        CoFunding = "co_funding",
    }
}

/// A rule of eligibility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "co_funding", "kind": "co_funding", "statement": {"bn": "অন্তত ১০% স্থানীয় অর্থ", "en": "At least 10 % local money"}, "percent": 10}))]
pub struct EligibilityRule {
    /// By which results name it.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$", example = "co_funding")]
    pub code: String,
    /// How it is checked.
    #[schema(inline)]
    pub kind: RuleKind,
    /// What it asks.
    #[validate(custom(function = "some_language"))]
    pub statement: TitleInput,
    /// For `co_funding`: how much others give at least, in percent of what is requested.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub percent: Option<i32>,
}
