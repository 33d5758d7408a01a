//! How plan versions and milestones are shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MilestoneId, PlanId, actions,
    content::{BudgetHead, Level},
    rows::{MilestoneRow, PlanRow},
    status::{MilestoneStatus, PlanStatus},
};
use crate::{
    features::{
        actions::open,
        pilots::{PilotId, Seen},
    },
    platform::{clock::Timestamp, ids::UserId, money::Money, quantity::Hundredths, text::LocalizedText},
};

/// A line of the budget.
#[derive(Serialize, ToSchema)]
pub struct BudgetLineView {
    /// What it is for.
    #[schema(inline)]
    pub head: BudgetHead,
    /// In words.
    #[schema(max_length = 500)]
    pub description: String,
    /// How much.
    pub amount: Money,
}

/// Something that may go wrong.
#[derive(Serialize, ToSchema)]
pub struct RiskView {
    /// What.
    #[schema(max_length = 1000)]
    pub description: String,
    /// How likely.
    #[schema(inline)]
    pub likelihood: Level,
    /// How bad.
    #[schema(inline)]
    pub impact: Level,
    /// What is done about it.
    #[schema(max_length = 1000)]
    pub mitigation: String,
}

/// What the pilot wants a citizen to need at most.
#[derive(Serialize, ToSchema)]
pub struct TcvTargetsView {
    /// Minutes.
    #[schema(inline)]
    pub time_minutes: Option<Hundredths>,
    /// Taka.
    pub cost: Option<Money>,
    /// Visits.
    #[schema(inline)]
    pub visits: Option<Hundredths>,
}

/// A milestone.
#[derive(Serialize, ToSchema)]
pub struct MilestoneView {
    /// Its identifier.
    pub id: MilestoneId,
    /// Of which plan version.
    pub plan_id: PlanId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Its place, from 1.
    #[schema(minimum = 1, maximum = 100)]
    pub position: i32,
    /// What is reached.
    pub title: LocalizedText,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Who sees to it.
    pub responsible_id: Option<UserId>,
    /// Whether gate 2 asks for it.
    pub is_mandatory: bool,
    /// The milestone of an earlier version that it goes on from.
    pub previous_milestone_id: Option<MilestoneId>,
    /// Where it stands.
    #[schema(inline)]
    pub status: MilestoneStatus,
    /// When it was reached.
    pub done_on: Option<NaiveDate>,
    /// What shows it.
    #[schema(max_length = 5000)]
    pub evidence: Option<String>,
    /// Who let it go.
    pub waived_by: Option<UserId>,
    /// Why.
    #[schema(max_length = 5000)]
    pub waiver_reason: Option<String>,
    /// What the caller may do to it now.
    #[schema(max_items = 5)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A version of a pilot's plan.
#[derive(Serialize, ToSchema)]
pub struct PlanView {
    /// Its identifier.
    pub id: PlanId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Counts a pilot's versions from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// Where it stands.
    #[schema(inline)]
    pub status: PlanStatus,
    /// How the service will work.
    pub solution_design: LocalizedText,
    /// How it gets there.
    pub implementation_plan: LocalizedText,
    /// What it costs.
    #[schema(max_items = 100)]
    pub budget_lines: Vec<BudgetLineView>,
    /// The sum of the lines.
    pub budget_total: Money,
    /// What may go wrong.
    #[schema(max_items = 50)]
    pub risks: Vec<RiskView>,
    /// What it wants to reach.
    pub tcv_targets: TcvTargetsView,
    /// The way there.
    #[schema(max_items = 100)]
    pub milestones: Vec<MilestoneView>,
    /// SHA-256 of the content, from the submit on.
    #[schema(
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub content_sha256: Option<String>,
    /// Who began it.
    pub created_by: UserId,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// When it came into force.
    pub locked_at: Option<Timestamp>,
    /// By whom.
    pub locked_by: Option<UserId>,
    /// What the caller may do to it now.
    #[schema(max_items = 10)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl MilestoneView {
    /// As a caller sees it.
    pub fn new(row: MilestoneRow, plan: &PlanRow, seen: &Seen) -> Self {
        Self {
            allowed_actions: open(actions::on_milestone(&row, plan, seen)),
            id: row.id,
            plan_id: row.plan_id,
            pilot_id: row.pilot_id,
            position: row.position,
            title: LocalizedText::new(row.title_bn, row.title_en),
            due_on: row.due_on,
            responsible_id: row.responsible_id,
            is_mandatory: row.is_mandatory,
            previous_milestone_id: row.previous_id,
            status: row.status,
            done_on: row.done_on,
            evidence: row.evidence,
            waived_by: row.waived_by,
            waiver_reason: row.waiver_reason,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

impl PlanView {
    /// As a caller sees it.
    pub fn new(row: PlanRow, milestones: Vec<MilestoneRow>, seen: &Seen) -> Self {
        let lines = row.budget_lines.iter().map(|line| BudgetLineView {
            head: line.head,
            description: line.description.clone(),
            amount: Money::from_poisha(line.amount.poisha()),
        });
        let risks = row.risks.iter().map(|risk| RiskView {
            description: risk.description.clone(),
            likelihood: risk.likelihood,
            impact: risk.impact,
            mitigation: risk.mitigation.clone(),
        });
        Self {
            budget_lines: lines.collect(),
            risks: risks.collect(),
            allowed_actions: open(actions::on_plan(&row, &milestones, seen)),
            milestones: milestones.into_iter().map(|milestone| MilestoneView::new(milestone, &row, seen)).collect(),
            id: row.id,
            pilot_id: row.pilot_id,
            number: row.number,
            status: row.status,
            solution_design: LocalizedText::new(row.solution_design_bn, row.solution_design_en),
            implementation_plan: LocalizedText::new(row.implementation_plan_bn, row.implementation_plan_en),
            budget_total: Money::from_poisha(row.budget_total),
            tcv_targets: TcvTargetsView {
                time_minutes: row.target_time.map(Hundredths::new),
                cost: row.target_cost.map(Money::from_poisha),
                visits: row.target_visits.map(Hundredths::new),
            },
            content_sha256: row.content_sha256,
            created_by: row.created_by,
            submitted_at: row.submitted_at,
            locked_at: row.locked_at,
            locked_by: row.locked_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
