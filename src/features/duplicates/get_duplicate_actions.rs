//! What may I do to a possible duplicate, and why not.

use super::{get_duplicate::see_duplicate, rows::DuplicateId, status::DuplicateCommand, view::action};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a possible duplicate.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/duplicates/{duplicate_id}/actions", tag = "Duplicates",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_duplicate_actions(call: Call) -> Answer {
    let id = call.id("duplicate_id", DuplicateId::parse)?;
    call.read(move |connection, context| {
        let ((row, ..), seen) = see_duplicate(connection, context.user()?, id)?;
        let actions = DuplicateCommand::ALL.iter().map(|command| action(*command, &row, &seen.row, &seen.standing));
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
