//! What may be done to a plan version or a milestone, and the state's own objections: pure.

use super::{
    rows::{MilestoneRow, PlanRow},
    status::{MILESTONE_LIFECYCLE, MilestoneCommand, PLAN_LIFECYCLE, PlanMove, PlanStatus},
};
use crate::{
    features::{
        permissions::PERMISSIONS,
        pilots::{PilotRow, Seen, status::PilotStatus},
    },
    platform::{
        auth::can,
        error::{AppError, ErrorCode},
        lifecycle::next,
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

/// The names of what the caller may do to a plan version now.
pub fn on_plan(plan: &PlanRow, seen: &Seen) -> Vec<String> {
    let open = check_pilot_is_open(&seen.row);
    let draft = open.is_ok() && check_is_draft(plan).is_ok();
    let approve = next(PLAN_LIFECYCLE, plan.status, PlanMove::Approve).is_ok() && check_can_approve(&seen.row).is_ok();
    [
        ("edit", "update_plan", draft),
        ("delete", "delete_plan", draft),
        ("submit", "transition_plan.submit", draft),
        ("approve", "transition_plan.approve", approve),
    ]
    .into_iter()
    .filter(|(_, line, possible)| *possible && can(PERMISSIONS, line, &seen.standing).is_ok())
    .map(|(name, ..)| name.to_owned())
    .collect()
}

/// The names of what the caller may do to a milestone now.
pub fn on_milestone(milestone: &MilestoneRow, plan: &PlanRow, seen: &Seen) -> Vec<String> {
    if check_can_move_milestone(plan, &seen.row).is_err() {
        return Vec::new();
    }
    MilestoneCommand::ALL
        .iter()
        .filter(|command| next(MILESTONE_LIFECYCLE, milestone.status, **command).is_ok())
        .filter(|command| {
            can(PERMISSIONS, &format!("transition_milestone.{}", command.as_str()), &seen.standing).is_ok()
        })
        .map(|command| command.as_str().to_owned())
        .collect()
}
