//! What a team writes of its plan: the body of `create_plan`, and what a merge patch changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    MilestoneId,
    rows::{MilestoneRow, PlanRow},
};
use crate::platform::{
    ids::UserId,
    money::MoneyInput,
    quantity::Hundredths,
    text::{ProseInput, TitleInput},
    text_enum::text_enum,
    web::body::some_language,
};

text_enum! {
    /// What a budget line is for.
    BudgetHead {
        /// Training.
        Training = "training",
        /// Equipment.
        Equipment = "equipment",
        /// Transport.
        Transport = "transport",
        /// Communication.
        Communication = "communication",
        /// People's pay.
        Personnel = "personnel",
        /// Anything else.
        Other = "other",
    }
}

text_enum! {
    /// How much of something.
    Level {
        /// Little.
        Low = "low",
        /// Some.
        Medium = "medium",
        /// Much.
        High = "high",
    }
}

/// A line of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct BudgetLine {
    /// What it is for.
    #[schema(inline)]
    pub head: BudgetHead,
    /// In words.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "Vaccines for three camps")]
    pub description: String,
    /// How much.
    pub amount: MoneyInput,
}

/// Something that may go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Floods close the road.")]
    pub description: String,
    /// How likely.
    #[schema(inline)]
    pub likelihood: Level,
    /// How bad.
    #[schema(inline)]
    pub impact: Level,
    /// What is done about it.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S", example = "Camps move to the embankment.")]
    pub mitigation: String,
}

/// What the pilot wants a citizen to need at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct TcvTargetsInput {
    /// Minutes.
    #[schema(inline)]
    pub time_minutes: Option<Hundredths>,
    /// Taka.
    pub cost: Option<MoneyInput>,
    /// Visits.
    #[schema(inline)]
    pub visits: Option<Hundredths>,
}

/// A milestone as it is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct MilestoneInput {
    /// What is reached.
    #[validate(custom(function = "some_language"))]
    pub title: TitleInput,
    /// By when.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Who of the team sees to it.
    #[serde(default)]
    pub responsible_id: Option<UserId>,
    /// Whether gate 2 asks for it.
    pub is_mandatory: bool,
    /// The milestone of the version in force that it goes on from; its progress travels along.
    #[serde(default)]
    pub previous_milestone_id: Option<MilestoneId>,
}

/// A plan as its team writes it. A draft may be empty; the rest is asked for on `submit`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({
    "solution_design": {"bn": "মাসিক শিবির।", "en": "A monthly camp."},
    "implementation_plan": {"bn": "প্রতি ইউনিয়নে পালা করে।", "en": "Union by union."},
    "budget_lines": [{"head": "transport", "description": "Boats", "amount": {"amount": "84000.00", "currency": "BDT"}}],
    "risks": [{"description": "Floods", "likelihood": "medium", "impact": "high", "mitigation": "Move the camp."}],
    "tcv_targets": {"time_minutes": "30.00", "cost": {"amount": "100.00", "currency": "BDT"}, "visits": "1.00"},
    "milestones": [{
        "title": {"bn": "প্রথম শিবির", "en": "First camp"}, "due_on": "2026-09-01",
        "responsible_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "is_mandatory": true
    }]
}))]
pub struct PlanContent {
    /// How the service will work.
    #[validate(custom(function = "some_language"))]
    pub solution_design: Option<ProseInput>,
    /// How it gets there.
    #[validate(custom(function = "some_language"))]
    pub implementation_plan: Option<ProseInput>,
    /// What it costs.
    #[schema(max_items = 100)]
    pub budget_lines: Vec<BudgetLine>,
    /// What may go wrong.
    #[schema(max_items = 50)]
    pub risks: Vec<Risk>,
    /// What it wants to reach.
    pub tcv_targets: TcvTargetsInput,
    /// The way there.
    #[validate(nested)]
    #[schema(max_items = 100)]
    pub milestones: Vec<MilestoneInput>,
}

/// Changes to a plan (RFC 7396): what is absent stays, null empties; lists are replaced whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the members of a merge patch; the merged record is read as PlanContent")]
#[schema(example = json!({"tcv_targets": {"visits": "1.00"}}))]
pub struct PlanPatch {
    solution_design: Option<ProseInput>,
    implementation_plan: Option<ProseInput>,
    #[schema(max_items = 100)]
    budget_lines: Option<Vec<BudgetLine>>,
    #[schema(max_items = 50)]
    risks: Option<Vec<Risk>>,
    tcv_targets: Option<TcvTargetsInput>,
    #[schema(max_items = 100)]
    milestones: Option<Vec<MilestoneInput>>,
}

impl PlanContent {
    /// The content of a stored plan: to be patched, and to be digested.
    pub fn of(plan: &PlanRow, milestones: &[MilestoneRow]) -> Self {
        let prose = |bn: &Option<String>, en: &Option<String>| {
            (bn.is_some() || en.is_some()).then(|| ProseInput { bn: bn.clone(), en: en.clone() })
        };
        Self {
            solution_design: prose(&plan.solution_design_bn, &plan.solution_design_en),
            implementation_plan: prose(&plan.implementation_plan_bn, &plan.implementation_plan_en),
            budget_lines: plan.budget_lines.to_vec(),
            risks: plan.risks.to_vec(),
            tcv_targets: TcvTargetsInput {
                time_minutes: plan.target_time.map(Hundredths::new),
                cost: plan.target_cost.map(MoneyInput::from_poisha),
                visits: plan.target_visits.map(Hundredths::new),
            },
            milestones: milestones
                .iter()
                .map(|row| MilestoneInput {
                    title: TitleInput { bn: row.title_bn.clone(), en: row.title_en.clone() },
                    due_on: row.due_on,
                    responsible_id: row.responsible_id,
                    is_mandatory: row.is_mandatory,
                    previous_milestone_id: row.previous_id,
                })
                .collect(),
        }
    }

    /// The sum of the budget lines in poisha; a hundred lines of at most 10^13 cannot overflow.
    pub fn budget_total(&self) -> i64 {
        self.budget_lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount.poisha()))
    }
}
