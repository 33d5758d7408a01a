//! What may be done to a request, and why the rest may not: pure, from what the caller sees and the tables.

use super::{
    access::SeenRequest,
    facts::RequestFacts,
    guards,
    status::{LIFECYCLE, RequestMove},
    transition_funding_request::RequestCommand,
};
use crate::{
    features::{
        actions::Action,
        funding::{
            awards::{self, DecisionAction, second_approver_obstacle},
            tranches,
        },
    },
    platform::{clock::Timestamp, error::AppError, lifecycle::next},
};

/// Everything that one can want to do to a request: a name, and the line of the permission table, which for a signature
/// depends on the side of the caller.
fn names(seen: &SeenRequest) -> impl Iterator<Item = (&'static str, String)> {
    let others = [
        ("edit", "update_funding_request"),
        ("delete", "delete_funding_request"),
        ("check_eligibility", "check_eligibility"),
        ("set_tranche_plan", "set_tranche_plan"),
        ("sign_agreement", if seen.standing.owner { "sign_agreement.owner" } else { "sign_agreement.officer" }),
    ];
    let endings = [("terminate", "terminate_funding_request"), ("close", "close_funding_request")];
    let decisions = DecisionAction::ALL.iter().map(|action| (action.as_str(), action.line()));
    let commands = RequestCommand::ALL.iter().map(|command| (command.as_str(), command.line()));
    let owned = |(name, line): (&'static str, &str)| (name, line.to_owned());
    others.into_iter().map(owned).chain(commands).chain(decisions.chain(endings).map(owned))
}

/// Every action, with what closes it.
pub fn all(seen: &SeenRequest, facts: &RequestFacts, now: Timestamp) -> impl Iterator<Item = Action> {
    let today = now.day_in_dhaka();
    names(seen).map(move |(name, line)| {
        Action::new(name, &line, &seen.standing, state_obstacle(name, seen, now)).needing(|| {
            match (name, RequestCommand::parse(name), DecisionAction::parse(name)) {
                (_, Some(command), _) => guards::unmet(command.as_move(), seen, facts, today),
                (_, _, Some(decision)) => awards::unmet(decision, &seen.row, &seen.pilot, today),
                ("set_tranche_plan", ..) => tranches::unmet_for_plan(seen),
                ("sign_agreement", ..) => tranches::unmet_for_signature(seen, facts.planned, today),
                ("close", ..) => facts.unmet_for_closure.clone(),
                _ => Vec::new(),
            }
        })
    })
}

/// Why the state forbids an action, if it does; as far as the caller is told of the state.
pub fn state_obstacle(name: &str, seen: &SeenRequest, now: Timestamp) -> Option<AppError> {
    let status = seen.told_status();
    let stays = |step: RequestMove| next(LIFECYCLE, status, step).err();
    if let Some(command) = RequestCommand::parse(name) {
        return stays(command.as_move()).or_else(|| match command.as_move() {
            RequestMove::Submit => guards::submit_obstacle(&seen.row, &seen.round, now),
            RequestMove::Withdraw => guards::withdraw_obstacle(seen),
            _ => None,
        });
    }
    if let Some(decision) = DecisionAction::parse(name) {
        return stays(decision.as_move()).or_else(|| match decision {
            DecisionAction::Award => second_approver_obstacle(&seen.row, seen.reader),
            _ => None,
        });
    }
    match name {
        "edit" => guards::edit_obstacle(status),
        "delete" => guards::deletion_obstacle(status),
        "check_eligibility" => guards::check_obstacle(status),
        "sign_agreement" => tranches::other_side_obstacle(seen).or_else(|| stays(RequestMove::SignAgreement)),
        "terminate" => stays(RequestMove::Terminate),
        "close" => stays(RequestMove::Close),
        _ => None,
    }
}
