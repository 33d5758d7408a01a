//! Plan versions and milestones as they are stored. `Serialize` is for the audit digest alone.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{
    MilestoneId, PlanId,
    content::{BudgetLine, Risk},
    status::{MilestoneStatus, PlanStatus},
};
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{
            json_list::JsonList,
            schema::{milestones, plans},
        },
        ids::UserId,
    },
};

/// A version of a plan.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = plans, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PlanRow {
    /// Its identifier.
    pub id: PlanId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Counts a pilot's versions from 1.
    pub number: i32,
    /// Where it stands.
    pub status: PlanStatus,
    /// How the service will work.
    pub solution_design_bn: Option<String>,
    /// How the service will work.
    pub solution_design_en: Option<String>,
    /// How it gets there.
    pub implementation_plan_bn: Option<String>,
    /// How it gets there.
    pub implementation_plan_en: Option<String>,
    /// What it costs.
    pub budget_lines: JsonList<BudgetLine>,
    /// Their sum, in poisha.
    pub budget_total: i64,
    /// What may go wrong.
    pub risks: JsonList<Risk>,
    /// Target for T, in hundredths of a minute.
    pub target_time: Option<i64>,
    /// Target for C, in poisha.
    pub target_cost: Option<i64>,
    /// Target for V, in hundredths of a visit.
    pub target_visits: Option<i64>,
    /// Digest of the content, from the submit on.
    pub content_sha256: Option<String>,
    /// Who began it.
    pub created_by: UserId,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// When it came into force.
    pub locked_at: Option<Timestamp>,
    /// By whom.
    pub locked_by: Option<UserId>,
    /// Counts changes.
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A milestone of a plan version.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = milestones, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct MilestoneRow {
    /// Its identifier.
    pub id: MilestoneId,
    /// Of which plan version.
    pub plan_id: PlanId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Its place, from 1.
    pub position: i32,
    /// The milestone of an earlier version that it goes on from.
    pub previous_id: Option<MilestoneId>,
    /// What is reached.
    pub title_bn: Option<String>,
    /// What is reached.
    pub title_en: Option<String>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Who sees to it.
    pub responsible_id: Option<UserId>,
    /// Whether gate 2 asks for it.
    pub is_mandatory: bool,
    /// Where it stands.
    pub status: MilestoneStatus,
    /// When it was reached.
    pub done_on: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who let it go.
    pub waived_by: Option<UserId>,
    /// Why.
    pub waiver_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
