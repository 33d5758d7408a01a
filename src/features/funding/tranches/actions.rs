//! What may be done to a tranche, and why the rest may not: the same functions that the operations ask.

use super::{
    access::SeenTranche,
    guards,
    status::{LIFECYCLE, TrancheCommand, TrancheMove},
};
use crate::{
    features::{funding::reports, permissions::PERMISSIONS},
    platform::{
        auth::can,
        error::{AppError, FieldError},
        lifecycle::next,
    },
};

/// Everything that one can want to do to a tranche: a name, and the line of the permission table.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let others = [
        ("disburse", "disburse_tranche"),
        ("record_failure", "record_payment_failure"),
        ("refund", "refund_tranche"),
        ("report", "create_expenditure_report"),
    ];
    TrancheCommand::ALL.iter().map(|command| (command.as_str(), command.line())).chain(others)
}

/// The names of what the caller may do now.
pub fn allowed(seen: &SeenTranche) -> Vec<String> {
    all().filter(|(name, line)| obstacles(name, line, seen).is_empty()).map(|(name, _)| name.to_owned()).collect()
}

/// Every reason why an action is closed; none when it is open.
pub fn obstacles(name: &str, line: &str, seen: &SeenTranche) -> Vec<FieldError> {
    let person = can(PERMISSIONS, line, &seen.agreement.seen.standing).err();
    let as_condition = |error: AppError| FieldError::condition(error.code.as_str(), error.sentence());
    let mut found: Vec<FieldError> = person.into_iter().map(as_condition).collect();
    let (state, unmet) = match (name, TrancheCommand::parse(name)) {
        (_, Some(command)) => (step_obstacle(command.as_move(), seen), unmet(command, seen)),
        ("disburse", _) => (step_obstacle(TrancheMove::Disburse, seen), guards::unmet_for_payment(seen)),
        ("record_failure", _) => (step_obstacle(TrancheMove::Fail, seen), guards::unmet_for_failure(&seen.account)),
        ("report", _) => (step_obstacle(TrancheMove::Report, seen), reports::unmet_for_beginning(&seen.account)),
        _ => (None, guards::unmet_for_refund(&seen.account)),
    };
    found.extend(state.map(as_condition));
    found.extend(unmet);
    found
}

fn step_obstacle(step: TrancheMove, seen: &SeenTranche) -> Option<AppError> {
    next(LIFECYCLE, seen.account.tranche.status, step).err()
}

/// Which conditions of a command fail.
pub fn unmet(command: TrancheCommand, seen: &SeenTranche) -> Vec<FieldError> {
    match command {
        TrancheCommand::Request => guards::unmet_for_request(seen),
        TrancheCommand::Approve => guards::unmet_for_payment(seen),
        TrancheCommand::Withhold | TrancheCommand::Release => guards::unmet_for_withholding(seen),
        TrancheCommand::Cancel => guards::unmet_for_cancelling(seen),
    }
}
