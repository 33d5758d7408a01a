//! What the state of a fund lets be done.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, select};

use super::{
    rows::FundRow,
    status::{FundCommand, FundStatus, LIFECYCLE},
};
use crate::{
    features::{
        funding::{ids::FundId, rounds::RoundStatus},
        permissions::PERMISSIONS,
    },
    platform::{
        auth::{Standing, can},
        db::{DbConnection, schema::funding_rounds},
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
///
/// # Errors
/// Those of the database.
pub fn unmet(connection: &mut DbConnection, fund: FundId, command: FundCommand) -> Result<Vec<FieldError>, AppError> {
    if command == FundCommand::Reopen {
        return Ok(Vec::new());
    }
    let busy = funding_rounds::table.filter(funding_rounds::fund_id.eq(fund)).filter(funding_rounds::status.eq_any([
        RoundStatus::Open,
        RoundStatus::Closed,
        RoundStatus::Deciding,
    ]));
    let is_busy: bool = select(exists(busy)).get_result(connection)?;
    let round = || {
        FieldError::condition(
            "round_under_way",
            Bilingual::new(
                "A round of the fund takes requests or is not decided yet.",
                "তহবিলের একটি পর্ব আবেদন নিচ্ছে অথবা এখনো সিদ্ধান্ত হয়নি।",
            ),
        )
    };
    Ok(is_busy.then(round).into_iter().collect())
}

/// The names of what the caller may do to a fund now.
pub fn allowed_actions(row: &FundRow, standing: &Standing) -> Vec<String> {
    let is_active = check_is_active(row.status).is_ok();
    let others = [
        ("edit", "update_fund", is_active),
        ("add_capital", "add_fund_capital", is_active),
        ("create_round", "create_funding_round", is_active),
    ];
    let moves = FundCommand::ALL
        .iter()
        .map(|command| (command.as_str(), command.line(), next(LIFECYCLE, row.status, *command).is_ok()));
    others
        .into_iter()
        .chain(moves)
        .filter(|(_, line, possible)| *possible && can(PERMISSIONS, line, standing).is_ok())
        .map(|(name, ..)| name.to_owned())
        .collect()
}
