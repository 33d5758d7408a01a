//! Taking a comment back, out of sight, and into sight again.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    comment::{CommentId, CommentRow, CommentView, see_comment, standing},
    status::{CommentCommand, LIFECYCLE},
};
use crate::platform::{
    command_fields::{self, Use},
    db::schema::pilot_comments,
    error::{AppError, ErrorCode},
    lifecycle::next,
    web::{Answer, Body, Call, Reply, Tx},
};

/// What is asked of a comment.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "hide", "reason": "It names a patient."}))]
pub struct TransitionPilotCommentRequest {
    /// What to do.
    #[schema(inline)]
    pub action: CommentCommand,
    /// Why: for `hide`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Retract, hide or show a comment.
///
/// Its author retracts it, which erases its text. An officer who is not in the team hides it with a reason, and can show
/// it again; its author and staff still read it meanwhile.
#[utoipa::path(post, path = "/v1/comments/{comment_id}/transitions", tag = "Discussion",
    request_body = TransitionPilotCommentRequest,
    responses((status = 200, description = "The comment as it is now.", body = CommentView)))]
pub async fn transition_pilot_comment(call: Call, body: Body) -> Answer {
    let id = call.id("comment_id", CommentId::parse)?;
    call.look(move |connection, context| see_comment(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionPilotCommentRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: CommentId, request: &TransitionPilotCommentRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let ((before, bn, en), seen) = see_comment(tx.conn, Some(&actor), id)?;
    let action = request.action.line();
    tx.permit(action, &standing(Some(&actor), &seen.standing, &before))?;
    let hides = request.action == CommentCommand::Hide;
    command_fields::check([("/reason", request.reason.is_some(), Use::always_and(hides))])?;
    tx.check_version(before.version)?;
    let status = next(LIFECYCLE, before.status, request.action)?.to;
    let keeps_text = request.action != CommentCommand::Retract;
    let after = CommentRow {
        status,
        text_bn: before.text_bn.clone().filter(|_| keeps_text),
        text_en: before.text_en.clone().filter(|_| keeps_text),
        hidden_by: hides.then_some(actor.user_id),
        hidden_reason: request.reason.clone().filter(|_| hides),
        version: before.version + 1,
        updated_at: tx.now.max(before.updated_at),
        ..before.clone()
    };
    let changed = update(pilot_comments::table.find(id).filter(pilot_comments::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "pilot_comment", id.as_str(), Some(&before), Some(&after))?;
    Reply::record(after.version, &CommentView::new((after, bn, en), Some(&actor), &seen.standing))
}
