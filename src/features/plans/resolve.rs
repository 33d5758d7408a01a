//! From a content to rows: what it refers to must be there, all that is missing named at once.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{MilestoneId, PlanRow, content::PlanContent, rows::MilestoneRow, status::MilestoneStatus};
use crate::{
    features::pilots::access::team_ids,
    platform::{
        db::{json_list::JsonList, schema::milestones},
        error::{AppError, FieldError},
        text::columns,
        web::Tx,
    },
};

/// The plan with this content, and its milestones as new rows.
///
/// # Errors
/// `ValidationFailed` naming every responsible person outside the team, and every earlier milestone of another pilot
/// or named twice; those of the database.
pub fn rows(tx: &mut Tx<'_>, plan: PlanRow, content: &PlanContent) -> Result<(PlanRow, Vec<MilestoneRow>), AppError> {
    let team = team_ids(tx.conn, plan.pilot_id)?;
    let earlier: Vec<MilestoneId> = milestones::table
        .filter(milestones::pilot_id.eq(plan.pilot_id))
        .filter(milestones::plan_id.ne(plan.id))
        .select(milestones::id)
        .load(tx.conn)?;
    let mut errors = Vec::new();
    for (index, milestone) in content.milestones.iter().enumerate() {
        if milestone.responsible_id.is_some_and(|person| !team.contains(&person)) {
            errors.push(FieldError::body(
                format!("/milestones/{index}/responsible_id"),
                "unknown_reference",
                "This person is not in the pilot's team.",
                "এই ব্যক্তি পাইলটের দলে নেই।",
            ));
        }
        let Some(previous) = milestone.previous_milestone_id else { continue };
        let pointer = format!("/milestones/{index}/previous_milestone_id");
        if !earlier.contains(&previous) {
            errors.push(FieldError::body(
                pointer,
                "unknown_reference",
                "This pilot has no such earlier milestone.",
                "এই পাইলটের এমন কোনো পূর্ববর্তী মাইলফলক নেই।",
            ));
        } else if content.milestones.iter().take(index).any(|other| other.previous_milestone_id == Some(previous)) {
            errors.push(FieldError::body(
                pointer,
                "duplicate",
                "Another milestone goes on from this one.",
                "অন্য একটি মাইলফলক এটি থেকে এগিয়েছে।",
            ));
        }
    }
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let new = content
        .milestones
        .iter()
        .zip(1_i32..)
        .map(|(milestone, position)| MilestoneRow {
            id: tx.new_id(),
            plan_id: plan.id,
            pilot_id: plan.pilot_id,
            position,
            previous_id: milestone.previous_milestone_id,
            title_bn: milestone.title.bn.clone(),
            title_en: milestone.title.en.clone(),
            due_on: milestone.due_on,
            responsible_id: milestone.responsible_id,
            is_mandatory: milestone.is_mandatory,
            status: MilestoneStatus::Planned,
            done_on: None,
            evidence: None,
            waived_by: None,
            waiver_reason: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        })
        .collect();
    Ok((with_content(plan, content), new))
}

fn with_content(plan: PlanRow, content: &PlanContent) -> PlanRow {
    let (solution_design_bn, solution_design_en) = columns(content.solution_design.as_ref());
    let (implementation_plan_bn, implementation_plan_en) = columns(content.implementation_plan.as_ref());
    PlanRow {
        solution_design_bn,
        solution_design_en,
        implementation_plan_bn,
        implementation_plan_en,
        budget_lines: JsonList::new(content.budget_lines.clone()),
        budget_total: content.budget_total(),
        risks: JsonList::new(content.risks.clone()),
        target_time: content.tcv_targets.time_minutes.map(|minutes| minutes.value()),
        target_cost: content.tcv_targets.cost.as_ref().map(|cost| cost.poisha()),
        target_visits: content.tcv_targets.visits.map(|visits| visits.value()),
        ..plan
    }
}
