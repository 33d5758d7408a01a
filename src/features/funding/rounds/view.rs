//! How a round is shown: to everyone, with all its rules.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    facts::{RoundFacts, facts_of},
    guards::actions,
    policy::{Criterion, EligibilityRule, RuleKind},
    rows::RoundRow,
    status::RoundStatus,
};
use crate::{
    features::{
        actions::open,
        funding::ids::{FundId, RoundId},
    },
    platform::{
        auth::Standing,
        clock::Timestamp,
        db::DbConnection,
        error::AppError,
        money::Money,
        quantity::Hundredths,
        text::{LocalizedText, TitleInput},
    },
};

/// A round of a fund.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundingRoundView {
    /// Its identifier.
    pub id: RoundId,
    /// Of which fund.
    pub fund_id: FundId,
    /// Counts the rounds of the fund from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// What it is about.
    pub theme: LocalizedText,
    /// What it is for; both languages may be null.
    pub description: LocalizedText,
    /// Where it stands.
    #[schema(inline)]
    pub status: RoundStatus,
    /// Whether a request can be begun and handed in now.
    pub is_taking_requests: bool,
    /// From when it takes requests.
    pub opens_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
    /// How often its closing was moved.
    #[schema(minimum = 0)]
    pub extensions: i64,
    /// Whether nobody but applicants sees a request before the round is closed.
    pub is_sealed: bool,
    /// The least that is given.
    pub smallest_award: Money,
    /// The most that is given.
    pub largest_award: Money,
    /// An award above this needs two approvers.
    pub two_approvers_above: Money,
    /// So many reviews a request needs.
    #[schema(minimum = 1, maximum = 10)]
    pub minimum_reviewers: i32,
    /// So many of the panel have to be there.
    #[schema(minimum = 1, maximum = 50)]
    pub panel_quorum: i32,
    /// Percent between the highest and the lowest score above which they are flagged.
    #[schema(value_type = String, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "25.00")]
    pub spread_threshold_percent: Hundredths,
    /// What reviewers score.
    #[schema(max_items = 30)]
    pub rubric: Vec<CriterionView>,
    /// What a request has to fulfil.
    #[schema(max_items = 30)]
    pub eligibility_rules: Vec<EligibilityRuleView>,
    /// Percent of a tranche that has to be spent before the next one is paid.
    #[schema(minimum = 0, maximum = 100)]
    pub minimum_utilisation: i32,
    /// So many tranches at most.
    #[schema(minimum = 1, maximum = 20)]
    pub most_tranches: i32,
    /// Days after the release within which the agreement is signed.
    #[schema(minimum = 1, maximum = 365)]
    pub agreement_within_days: i32,
    /// The first day on which results are released.
    pub release_on: NaiveDate,
    /// When they were.
    pub released_at: Option<Timestamp>,
    /// How many requests were handed in; null as long as more can come.
    #[schema(minimum = 0)]
    pub requests: Option<i64>,
    /// What the caller may do with it now.
    #[schema(max_items = 12)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A criterion that reviewers score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CriterionView {
    /// By which reviews name it.
    #[schema(max_length = 40, example = "impact")]
    pub code: String,
    /// What is asked.
    pub title: LocalizedText,
    /// Its share in the score of the whole, among the weights of all.
    #[schema(minimum = 1, maximum = 1000)]
    pub weight: i32,
    /// The scores there are, lowest first.
    #[schema(max_items = 11)]
    pub anchors: Vec<AnchorView>,
}

/// What a score means.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnchorView {
    /// The score.
    #[schema(minimum = 0, maximum = 100)]
    pub score: i32,
    /// What it means.
    pub meaning: LocalizedText,
}

/// A rule of eligibility.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EligibilityRuleView {
    /// By which results name it.
    #[schema(max_length = 40, example = "co_funding")]
    pub code: String,
    /// How it is checked.
    #[schema(inline)]
    pub kind: RuleKind,
    /// What it asks.
    pub statement: LocalizedText,
    /// For `co_funding`: how much others give at least, in percent of what is requested.
    #[schema(minimum = 1, maximum = 1000)]
    pub percent: Option<i32>,
}

fn text(input: &TitleInput) -> LocalizedText {
    LocalizedText::new(input.bn.clone(), input.en.clone())
}

impl From<&Criterion> for CriterionView {
    fn from(criterion: &Criterion) -> Self {
        let anchors = criterion.anchors.iter();
        Self {
            code: criterion.code.clone(),
            title: text(&criterion.title),
            weight: criterion.weight,
            anchors: anchors.map(|anchor| AnchorView { score: anchor.score, meaning: text(&anchor.meaning) }).collect(),
        }
    }
}

impl From<&EligibilityRule> for EligibilityRuleView {
    fn from(rule: &EligibilityRule) -> Self {
        Self { code: rule.code.clone(), kind: rule.kind, statement: text(&rule.statement), percent: rule.percent }
    }
}

impl FundingRoundView {
    /// For a caller of this standing at this moment.
    pub fn new(row: RoundRow, facts: RoundFacts, standing: &Standing, now: Timestamp) -> Self {
        Self {
            allowed_actions: open(actions(&row, &facts, standing, now)),
            is_taking_requests: row.check_takes_requests(now).is_ok(),
            requests: row.tells_number().then_some(facts.requests),
            id: row.id,
            fund_id: row.fund_id,
            number: row.number,
            theme: LocalizedText::new(row.theme_bn, row.theme_en),
            description: LocalizedText::new(row.description_bn, row.description_en),
            status: row.status,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            extensions: facts.extensions,
            is_sealed: row.is_sealed,
            smallest_award: Money::from_poisha(row.smallest_award),
            largest_award: Money::from_poisha(row.largest_award),
            two_approvers_above: Money::from_poisha(row.two_approvers_above),
            minimum_reviewers: row.minimum_reviewers,
            panel_quorum: row.panel_quorum,
            spread_threshold_percent: Hundredths::new(row.spread_threshold.into()),
            rubric: row.rubric.iter().map(CriterionView::from).collect(),
            eligibility_rules: row.eligibility_rules.iter().map(EligibilityRuleView::from).collect(),
            minimum_utilisation: row.minimum_utilisation,
            most_tranches: row.most_tranches,
            agreement_within_days: row.agreement_within_days,
            release_on: row.release_on,
            released_at: row.released_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// The same, reading what else has to be read.
    ///
    /// # Errors
    /// Those of the database.
    pub fn load(
        connection: &mut DbConnection,
        row: RoundRow,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let facts = facts_of(connection, &row)?;
        Ok(Self::new(row, facts, standing, now))
    }
}
