//! Who people are: login and sessions, one's own account, and users and roles for administrators.

mod accounts;
mod back_off;
mod change_password;
mod create_user;
mod get_user;
mod get_user_actions;
mod list_people;
mod list_users;
mod login;
mod logout;
mod me;
mod refresh;
mod reset_password;
mod roles;
pub mod rows;
mod session_store;
mod transition_user;
mod update_user;
mod user_changes;
mod user_lifecycle;
mod user_view;

pub use accounts::{
    Account, NewAccount, create_account, find_account, find_by_email, fold_email, grant, put_missing_words, put_words,
    revoke_role, save, set_password, with_roles,
};
pub use back_off::{Attempt, verify as verify_password};
pub use create_user::TEMPORARY_PASSWORD;
pub use session_store::{Changed, live as live_sessions, revoke_all as end_sessions};
pub use user_changes::{change as change_user, check_organisation, view as user_view};
pub use user_lifecycle::{LIFECYCLE as USER_LIFECYCLE, UserCommand, apply as apply_user_command};
pub use user_view::UserView;

use crate::platform::{
    clock::Timestamp,
    db::DbConnection,
    error::AppError,
    web::{Operation, operations},
};

/// `/v1/auth/…`, `/v1/me`, `/v1/people`, `/v1/users`.
pub fn operations() -> Vec<Operation> {
    operations! {
        login: login;
        refresh: refresh;
        logout: logout, logout_everywhere;
        me: get_me, update_me;
        change_password: change_password;
        list_people: list_people;
        list_users: list_users;
        get_user: get_user;
        get_user_actions: get_user_actions;
        create_user: create_user;
        update_user: update_user;
        transition_user: transition_user;
        roles: grant_role, revoke_role;
        reset_password: reset_password;
    }
}

/// Drops sessions that ended long ago and failures too old to count; the server calls it now and then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    Ok(session_store::purge(connection, now)? + back_off::purge(connection, now)?)
}
