//! What may be done to a tranche, and why the rest may not: the same functions that the operations ask.

use super::{
    access::SeenTranche,
    guards,
    status::{LIFECYCLE, TrancheCommand, TrancheMove},
};
use crate::{
    features::{actions::Action, funding::reports},
    platform::{
        error::{AppError, FieldError},
        lifecycle::next,
    },
};

/// Everything that one can want to do to a tranche: a name, and the line of the permission table.
fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let others = [
        ("disburse", "disburse_tranche"),
        ("record_failure", "record_payment_failure"),
        ("refund", "refund_tranche"),
        ("report", "create_expenditure_report"),
    ];
    TrancheCommand::ALL.iter().map(|command| (command.as_str(), command.line())).chain(others)
}

/// Every action, with what closes it: the conditions too where the state closes it, since they say what is to be done.
pub fn all(seen: &SeenTranche) -> impl Iterator<Item = Action> {
    names().map(|(name, line)| {
        let (state, unmet) = match (name, TrancheCommand::parse(name)) {
            (_, Some(command)) => (step_obstacle(command.as_move(), seen), unmet(command, seen)),
            ("disburse", _) => (step_obstacle(TrancheMove::Disburse, seen), guards::unmet_for_payment(seen)),
            ("record_failure", _) => (step_obstacle(TrancheMove::Fail, seen), guards::unmet_for_failure(&seen.account)),
            ("report", _) => (step_obstacle(TrancheMove::Report, seen), reports::unmet_for_beginning(&seen.account)),
            _ => (None, guards::unmet_for_refund(&seen.account)),
        };
        let mut action = Action::new(name, line, &seen.agreement.seen.standing, state);
        action.obstacles.extend(unmet);
        action
    })
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
