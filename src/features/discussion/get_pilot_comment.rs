//! Reading one comment.

use super::comment::{CommentId, CommentView, see_comment};
use crate::platform::web::{Answer, Call, Reply};

/// Read a comment.
///
/// For whoever sees its pilot; one from before the pilot was accepted is for its team and for staff.
#[utoipa::path(get, path = "/v1/comments/{comment_id}", tag = "Discussion",
    responses((status = 200, description = "The comment.", body = CommentView)))]
pub async fn get_pilot_comment(call: Call) -> Answer {
    let id = call.id("comment_id", CommentId::parse)?;
    call.read(move |connection, context| {
        let actor = context.actor.as_ref();
        let (found, seen) = see_comment(connection, actor, id)?;
        Reply::record(found.0.version, &CommentView::new(found, actor, &seen.standing))
    })
    .await
}
