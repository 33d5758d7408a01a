//! What all changes that administrators make to an account have in common.

use super::{
    accounts::{Account, find_account},
    session_store::{self, Changed},
    user_lifecycle::allowed_actions,
    user_view::UserView,
};
use crate::{
    features::reference,
    platform::{
        db::DbConnection,
        error::{AppError, FieldError},
        ids::{OrganisationId, UserId},
        web::{Answer, Call, Reply, Tx},
    },
};

/// The view of an account for the caller of a write.
///
/// # Errors
/// `Unauthenticated` on an operation that is open to anyone.
pub fn view(tx: &Tx<'_>, account: Account) -> Result<UserView, AppError> {
    let allowed = allowed_actions(tx.actor()?, &account);
    Ok(UserView::new(account, allowed))
}

/// Makes sure that the organisation someone is said to work in is there.
///
/// # Errors
/// `ValidationFailed`; those of the database.
pub fn check_organisation(connection: &mut DbConnection, id: Option<OrganisationId>) -> Result<(), AppError> {
    match id {
        Some(id) if reference::find_organisation(connection, id)?.is_none() => {
            Err(AppError::validation(vec![FieldError::unknown_reference("/organisation_id")]))
        }
        _ => Ok(()),
    }
}

/// Changes the account in the path: `work` gets it as it is and returns it as it is then, with the answer. The change is
/// written down, and felt by the person's sessions at once.
///
/// # Errors
/// `NotFound`; those of `work`.
pub async fn change<F>(call: Call, id: UserId, work: F) -> Answer
where
    F: FnMut(&mut Tx<'_>, &Account) -> Result<(Account, Reply), AppError> + Send + 'static,
{
    let operation = call.operation.id;
    change_as(call, id, operation, work).await
}

/// The same, written down more exactly than by the operation.
///
/// # Errors
/// As [`change`].
pub async fn change_as<F>(call: Call, id: UserId, operation: &'static str, mut work: F) -> Answer
where
    F: FnMut(&mut Tx<'_>, &Account) -> Result<(Account, Reply), AppError> + Send + 'static,
{
    let changed = Changed::default();
    let noted = changed.clone();
    let reply = call
        .write_reply(move |tx| {
            let before = find_account(tx.conn, id)?;
            // Before the work, which may end them.
            noted.note(session_store::live(tx.conn, id)?);
            let (after, reply) = work(tx, &before)?;
            tx.audit_as(operation, "user", id.as_str(), Some(&before), Some(&after))?;
            Ok(reply)
        })
        .await?;
    changed.forget(&call.state.sessions);
    Ok(reply.into_response(None))
}
