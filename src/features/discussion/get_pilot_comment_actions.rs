//! What may I do to a comment, and why not.

use super::{
    comment::{CommentId, action, see_comment, standing},
    status::CommentCommand,
};
use crate::{
    features::actions::ActionsView,
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to a comment.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/comments/{comment_id}/actions", tag = "Discussion",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_pilot_comment_actions(call: Call) -> Answer {
    let id = call.id("comment_id", CommentId::parse)?;
    call.read(move |connection, context| {
        let actor = context.actor.as_ref();
        let ((row, ..), seen) = see_comment(connection, actor, id)?;
        let standing = standing(actor, &seen.standing, &row);
        let actions = CommentCommand::ALL.iter().map(|command| action(*command, &row, &standing));
        Reply::ok(&ActionsView::new(actions, context.meta.language))
    })
    .await
}
