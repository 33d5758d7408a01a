//! What may be done to a pilot, and why the rest may not: pure, from the row, the caller's standing and the tables.

use super::{Facts, guards, rows::PilotRow, status::LIFECYCLE, transition_pilot::PilotCommand};
use crate::{
    features::{actions::Action, permissions::PERMISSIONS},
    platform::{
        auth::{Standing, may},
        error::{AppError, ErrorCode},
        lifecycle::{find, next},
    },
};

/// Everything that one can want to do to a pilot: a name, and the line of the permission table.
fn names() -> impl Iterator<Item = (&'static str, String)> {
    let others = [
        ("edit", "update_pilot"),
        ("delete", "delete_pilot"),
        ("add_member", "add_pilot_member"),
        ("remove_member", "remove_pilot_member"),
        ("add_attachment", "add_attachment"),
        ("comment", "add_pilot_comment"),
        ("support", "support_pilot"),
        ("withdraw_support", "withdraw_support"),
        ("hand_over", "offer_handover.own"),
        ("hand_over_on_behalf", "offer_handover.on_behalf"),
    ];
    let commands =
        PilotCommand::ALL.iter().map(|command| (command.as_str(), format!("transition_pilot.{}", command.as_str())));
    others.into_iter().map(|(name, line)| (name, line.to_owned())).chain(commands)
}

/// The names of what the caller may do now.
pub fn allowed(row: &PilotRow, standing: &Standing, facts: &Facts) -> Vec<String> {
    names()
        // Most actions are closed to most readers: only what is left is worth the sentences.
        .filter(|(name, line)| may(PERMISSIONS, line, &standing_to(name, standing)) && !is_out_of_turn(name, row))
        .filter(|(name, line)| action(name, line, row, standing, facts).is_open())
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Whether it is a move that the lifecycle does not have from here; one of the things that [`state_obstacle`] explains.
fn is_out_of_turn(name: &str, row: &PilotRow) -> bool {
    let step = PilotCommand::parse(name).and_then(PilotCommand::as_move);
    step.is_some_and(|step| find(LIFECYCLE, row.status, step).is_none())
}

/// Whatever one is to the pilot, one's support is one's own.
fn standing_to(name: &str, standing: &Standing) -> Standing {
    Standing { oneself: standing.oneself || name == "withdraw_support" && standing.logged_in, ..*standing }
}

/// Every action, with what closes it.
pub fn all(row: &PilotRow, standing: &Standing, facts: &Facts) -> Vec<Action> {
    names().map(|(name, line)| action(name, &line, row, standing, facts)).collect()
}

fn action(name: &'static str, line: &str, row: &PilotRow, standing: &Standing, facts: &Facts) -> Action {
    Action::new(name, line, &standing_to(name, standing), state_obstacle(name, row)).needing(|| match name {
        "submit" => guards::unmet_for_submit(row),
        "publish" => guards::unmet_for_publish(row),
        "start_screening" => guards::unmet_for_screening(row, facts),
        "accept" => guards::unmet_for_accept(facts),
        "support" => guards::unmet_for_support(facts),
        "withdraw_support" => guards::unmet_for_withdrawing_support(facts),
        "hand_over_on_behalf" => guards::unmet_on_behalf(facts),
        _ => Vec::new(),
    })
}

/// Why the state forbids an action, if it does.
pub fn state_obstacle(name: &str, row: &PilotRow) -> Option<AppError> {
    match (name, PilotCommand::parse(name)) {
        (_, Some(command)) => match command.as_move() {
            Some(step) => next(LIFECYCLE, row.status, step).err(),
            None => guards::publication_obstacle(command, row),
        },
        ("edit", _) if !row.status.is_editable() => Some(guards::not_editable(row)),
        ("delete", _) => guards::deletion_obstacle(row),
        ("add_attachment", _) => row.ended_at.map(|_| AppError::new(ErrorCode::EvidenceFrozen)),
        ("add_member" | "remove_member", _) => guards::team_obstacle(row),
        ("comment", _) => guards::comment_obstacle(row),
        ("support", _) => guards::support_obstacle(row),
        ("hand_over" | "hand_over_on_behalf", _) => guards::handover_obstacle(row),
        _ => None,
    }
}
