//! Plan versions with their milestones, frozen when handed in and in force once gate 1 is passed; the final report.

mod actions;
mod attachments;
mod conditions;
mod content;
mod create_plan;
mod delete_plan;
mod final_report;
mod get_plan;
mod get_plan_actions;
mod ids;
mod list_plans;
mod milestones;
mod progress;
mod resolve;
mod rows;
mod seal;
mod status;
mod store;
mod told;
mod transition_plan;
mod update_plan;
mod view;

pub use attachments::PlanFiles;
pub use conditions::{Lessons, MilestonesDone, PlanSubmitted, PublicSummary};
pub use content::{BudgetHead, BudgetLine};
pub use ids::{MilestoneId, PlanId};
pub use progress::reached;
pub use rows::PlanRow;
pub use status::{MILESTONE_LIFECYCLE, PLAN_LIFECYCLE};
pub use store::{current_plan, lock_current, plan_in_force};
pub use told::{milestones_handed_in, plans_handed_in};
pub use view::BudgetLineView;

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/plans`, `/v1/plans`, `/v1/milestones`, `/v1/pilots/{pilot_id}/final-report`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_plans: list_plans;
        create_plan: create_plan;
        get_plan: get_plan;
        get_plan_actions: get_plan_actions;
        update_plan: update_plan;
        delete_plan: delete_plan;
        transition_plan: transition_plan;
        milestones: get_milestone, get_milestone_actions, transition_milestone;
        final_report: get_final_report, update_final_report;
    }
}
