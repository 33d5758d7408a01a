//! Disabling and enabling accounts. An account is never deleted: what its holder did has to stay theirs.

use super::{
    accounts::{Account, keep_an_admin, save},
    rows::{UserRow, UserStatus},
};
use crate::{
    features::actions::Action,
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        db::DbConnection,
        error::{AppError, ErrorCode, FieldError},
        lifecycle::{Move, next, words},
        text_enum::text_enum,
    },
};

text_enum! {
    /// What can be done to an account's status.
    UserCommand {
        /// No login and no session any more.
        Disable = "disable",
        /// Login is possible again.
        Enable = "enable",
    }
}

impl UserCommand {
    /// Its line in the permission table, by which it is also audited.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Disable => "transition_user.disable",
            Self::Enable => "transition_user.enable",
        }
    }
}

words! {
    UserStatus { Active "সক্রিয়", Disabled "নিষ্ক্রিয়" }
    UserCommand { Disable "নিষ্ক্রিয় করা", Enable "সক্রিয় করা" }
}

/// The lifecycle of accounts.
pub const LIFECYCLE: &[Move<UserStatus, UserCommand>] = &[
    Move {
        command: UserCommand::Disable,
        from: &[UserStatus::Active],
        to: UserStatus::Disabled,
        needs_reason: true,
        guard: "not one's own account, not the last administrator; ends all sessions at once",
    },
    Move {
        command: UserCommand::Enable,
        from: &[UserStatus::Disabled],
        to: UserStatus::Active,
        needs_reason: false,
        guard: "none",
    },
];

/// What this caller is to accounts.
pub fn standing(actor: &Actor) -> Standing {
    Standing { logged_in: true, roles: actor.roles, reach: actor.reach, ..Standing::default() }
}

/// What may be done to an account by this caller. That it is the last administrator's stands against nobody but them.
pub fn action(command: UserCommand, account: &Account, actor: &Actor) -> Action {
    let state = next(LIFECYCLE, account.user.status, command).err();
    let state = state.or_else(|| refuse_oneself(actor, account, command).err());
    Action::new(command.as_str(), command.permission(), &standing(actor), state)
}

/// What this caller may do to the account.
pub fn allowed_actions(actor: &Actor, account: &Account) -> Vec<UserCommand> {
    UserCommand::ALL.iter().copied().filter(|command| action(*command, account, actor).is_open()).collect()
}

/// Nobody locks themselves out.
///
/// # Errors
/// `Conflict`.
pub fn refuse_oneself(actor: &Actor, account: &Account, command: UserCommand) -> Result<(), AppError> {
    if command == UserCommand::Disable && actor.user_id == account.user.id {
        return Err(AppError::new(ErrorCode::Conflict)
            .detail("You cannot disable your own account.", "নিজের অ্যাকাউন্ট নিষ্ক্রিয় করা যায় না।"));
    }
    Ok(())
}

/// Moves an account.
///
/// # Errors
/// `TransitionNotAllowed`, `ValidationFailed` without a needed reason, `Conflict` when the last administrator would be
/// lost; those of the database.
pub fn apply(
    connection: &mut DbConnection,
    account: &Account,
    command: UserCommand,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Account, AppError> {
    let step = next(LIFECYCLE, account.user.status, command)?;
    if step.needs_reason && reason.is_none() {
        return Err(AppError::validation(vec![FieldError::body(
            "/reason",
            "required",
            "This action needs a reason.",
            "এই কাজের জন্য কারণ দিতে হবে।",
        )]));
    }
    if step.to == UserStatus::Disabled {
        keep_an_admin(connection, account)?;
    }
    let user = UserRow { status: step.to, status_reason: reason, ..account.user.clone() };
    Ok(Account { user: save(connection, user, now)?, roles: account.roles.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_state_and_command_is_decided() {
        let open: Vec<(UserStatus, UserCommand, UserStatus)> = UserStatus::ALL
            .iter()
            .flat_map(|state| UserCommand::ALL.iter().map(|command| (*state, *command)))
            .filter_map(|(state, command)| next(LIFECYCLE, state, command).ok().map(|step| (state, command, step.to)))
            .collect();
        assert_eq!(
            open,
            [
                (UserStatus::Active, UserCommand::Disable, UserStatus::Disabled),
                (UserStatus::Disabled, UserCommand::Enable, UserStatus::Active),
            ]
        );
    }
}
