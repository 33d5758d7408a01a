//! What the state of a fund lets be done.

use super::{
    facts::FundFacts,
    rows::FundRow,
    status::{FundCommand, FundStatus, LIFECYCLE},
};
use crate::{
    features::actions::Action,
    platform::{
        auth::Standing,
        error::{AppError, ErrorCode, FieldError},
        lifecycle::next,
        text::Bilingual,
    },
};

/// A closed fund takes no capital and gives none, and has no new rounds.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_is_active(status: FundStatus) -> Result<(), AppError> {
    match status {
        FundStatus::Active => Ok(()),
        FundStatus::Closed => Err(AppError::new(ErrorCode::TransitionNotAllowed)
            .detail("The fund is closed; reopen it first.", "তহবিলটি বন্ধ; আগে পুনরায় চালু করুন।")),
    }
}

/// What stands in the way of a command besides the state.
pub fn unmet(command: FundCommand, facts: &FundFacts) -> Vec<FieldError> {
    if command == FundCommand::Reopen || !facts.has_round_under_way {
        return Vec::new();
    }
    let detail = Bilingual::new(
        "A round of the fund takes requests or is not decided yet.",
        "তহবিলের একটি পর্ব আবেদন নিচ্ছে অথবা এখনো সিদ্ধান্ত হয়নি।",
    );
    vec![FieldError::condition("round_under_way", detail)]
}

/// Everything that can be done to a fund, with what closes it.
pub fn actions(row: &FundRow, facts: &FundFacts, standing: &Standing) -> Vec<Action> {
    let while_active =
        |(name, line): (&'static str, &str)| Action::new(name, line, standing, check_is_active(row.status).err());
    let others =
        [("edit", "update_fund"), ("add_capital", "add_fund_capital"), ("create_round", "create_funding_round")];
    let commands = FundCommand::ALL.iter().map(|&command| {
        Action::new(command.as_str(), command.line(), standing, next(LIFECYCLE, row.status, command).err())
            .needing(|| unmet(command, facts))
    });
    others.into_iter().map(while_active).chain(commands).collect()
}
