//! What may be done to a plan version or a milestone, and the state's own objections: pure.

use super::{
    rows::{MilestoneRow, PlanRow},
    status::{MILESTONE_LIFECYCLE, MilestoneCommand, PLAN_LIFECYCLE, PlanMove, PlanStatus},
};
use crate::{
    features::{
        actions::Action,
        pilots::{PilotRow, Seen, status::PilotStatus},
    },
    platform::{
        error::{AppError, ErrorCode, FieldError},
        lifecycle::next,
        text::Bilingual,
    },
};

fn refuse(en: &'static str, bn: &'static str) -> AppError {
    AppError::new(ErrorCode::TransitionNotAllowed).detail(en, bn)
}

/// Plans are written from acceptance to the end.
///
/// # Errors
/// `TransitionNotAllowed` before and after.
pub fn check_pilot_is_open(pilot: &PilotRow) -> Result<(), AppError> {
    if matches!(pilot.status, PilotStatus::Design | PilotStatus::InExecution | PilotStatus::OnHold) {
        return Ok(());
    }
    Err(refuse(
        "A plan is written once the pilot is accepted and until it ends.",
        "পাইলট গৃহীত হওয়ার পর থেকে শেষ হওয়া পর্যন্ত পরিকল্পনা লেখা যায়।",
    ))
}

/// Only a draft is edited.
///
/// # Errors
/// `TransitionNotAllowed` for what was handed in.
pub fn check_is_draft(plan: &PlanRow) -> Result<(), AppError> {
    if plan.status == PlanStatus::Draft {
        return Ok(());
    }
    Err(refuse(
        "A submitted version is never changed; begin a new one.",
        "জমা দেওয়া সংস্করণ কখনো পরিবর্তন হয় না; নতুন সংস্করণ শুরু করুন।",
    ))
}

/// Approval is for a running pilot; before gate 1 the gate itself puts a plan in force.
///
/// # Errors
/// `TransitionNotAllowed` for any other pilot.
pub fn check_can_approve(pilot: &PilotRow) -> Result<(), AppError> {
    if matches!(pilot.status, PilotStatus::InExecution | PilotStatus::OnHold) {
        return Ok(());
    }
    Err(refuse(
        "Before gate 1 a plan comes into force by passing the gate.",
        "গেট ১-এর আগে গেট পার হলেই পরিকল্পনা কার্যকর হয়।",
    ))
}

/// Milestones move while the pilot runs, under the version in force.
///
/// # Errors
/// `TransitionNotAllowed` otherwise.
pub fn check_can_move_milestone(plan: &PlanRow, pilot: &PilotRow) -> Result<(), AppError> {
    if plan.status != PlanStatus::Locked {
        return Err(refuse(
            "Only milestones of the version in force can move.",
            "শুধু কার্যকর সংস্করণের মাইলফলক পরিবর্তন করা যায়।",
        ));
    }
    if pilot.status != PilotStatus::InExecution {
        return Err(refuse(
            "Milestones move while the pilot is in execution.",
            "পাইলট বাস্তবায়নাধীন থাকলেই মাইলফলক পরিবর্তন করা যায়।",
        ));
    }
    Ok(())
}

/// Everything that can be done to a plan version, with what closes it.
pub fn on_plan(plan: &PlanRow, milestones: &[MilestoneRow], seen: &Seen) -> Vec<Action> {
    let draft = || check_pilot_is_open(&seen.row).and_then(|()| check_is_draft(plan)).err();
    let move_of = |step| next(PLAN_LIFECYCLE, plan.status, step).err();
    let submit = move_of(PlanMove::Submit).or_else(|| check_pilot_is_open(&seen.row).err());
    let approve = move_of(PlanMove::Approve).or_else(|| check_can_approve(&seen.row).err());
    vec![
        Action::new("edit", "update_plan", &seen.standing, draft()),
        Action::new("delete", "delete_plan", &seen.standing, draft()),
        Action::new("submit", "transition_plan.submit", &seen.standing, submit)
            .needing(|| unmet_for_submit(plan, milestones)),
        Action::new("approve", "transition_plan.approve", &seen.standing, approve),
    ]
}

/// Everything that can be done to a milestone, with what closes it.
pub fn on_milestone(milestone: &MilestoneRow, plan: &PlanRow, seen: &Seen) -> Vec<Action> {
    let action = |command: &MilestoneCommand| {
        let line = format!("transition_milestone.{}", command.as_str());
        let state = check_can_move_milestone(plan, &seen.row)
            .and_then(|()| next(MILESTONE_LIFECYCLE, milestone.status, *command).map(|_| ()));
        Action::new(command.as_str(), &line, &seen.standing, state.err())
    };
    MilestoneCommand::ALL.iter().map(action).collect()
}

/// What `submit` still needs. The targets are asked for by gate 1.
pub fn unmet_for_submit(plan: &PlanRow, milestones: &[MilestoneRow]) -> Vec<FieldError> {
    let text = |bn: &Option<String>, en: &Option<String>| bn.is_some() || en.is_some();
    let complete = milestones
        .iter()
        .any(|milestone| milestone.is_mandatory && milestone.due_on.is_some() && milestone.responsible_id.is_some());
    let needs = [
        (
            text(&plan.solution_design_bn, &plan.solution_design_en),
            "solution_design_missing",
            "The solution design is missing.",
            "সমাধানের নকশা নেই।",
        ),
        (
            text(&plan.implementation_plan_bn, &plan.implementation_plan_en),
            "implementation_plan_missing",
            "The implementation plan is missing.",
            "বাস্তবায়ন পরিকল্পনা নেই।",
        ),
        (
            complete,
            "mandatory_milestone_missing",
            "At least one mandatory milestone needs a date and a person.",
            "অন্তত একটি আবশ্যিক মাইলফলকের তারিখ ও দায়িত্বপ্রাপ্ত ব্যক্তি প্রয়োজন।",
        ),
        (!plan.budget_lines.is_empty(), "budget_missing", "The budget is missing.", "বাজেট নেই।"),
        (!plan.risks.is_empty(), "risks_missing", "The risks are missing.", "ঝুঁকির বিবরণ নেই।"),
    ];
    needs
        .into_iter()
        .filter(|(met, ..)| !met)
        .map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(en, bn)))
        .collect()
}
