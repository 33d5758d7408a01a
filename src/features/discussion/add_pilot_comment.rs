//! A comment on a pilot, by anyone who is logged in and sees it.

use diesel::{QueryDsl, RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    comment::{CommentRow, CommentView},
    status::CommentStatus,
};
use crate::{
    features::pilots::{PilotId, comment_obstacle, see},
    platform::{
        db::schema::{pilot_comments, users},
        error::AppError,
        text::ProseInput,
        web::{Answer, Body, Call, Reply, Tx, body::some_language},
    },
};

/// What is said.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": {"en": "Please add the second union."}}))]
pub struct AddPilotCommentRequest {
    /// The text.
    #[validate(custom(function = "some_language"))]
    pub text: ProseInput,
}

/// Comment on a pilot.
///
/// Whoever sees the pilot reads the comment. One that is written before the pilot is accepted stays between its team and
/// staff.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/comments", tag = "Discussion", request_body = AddPilotCommentRequest,
    responses((status = 201, description = "The comment.", body = CommentView)))]
pub async fn add_pilot_comment(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("add_pilot_comment", &seen.standing)
    })
    .await?;
    let request: AddPilotCommentRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, request: &AddPilotCommentRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    tx.permit("add_pilot_comment", &seen.standing)?;
    if let Some(obstacle) = comment_obstacle(&seen.row) {
        return Err(obstacle);
    }
    let row = CommentRow {
        id: tx.new_id(),
        pilot_id: id,
        origin_pilot_id: None,
        author_id: actor.user_id,
        is_internal: !seen.row.is_listed,
        text_bn: request.text.bn.clone(),
        text_en: request.text.en.clone(),
        status: CommentStatus::Visible,
        hidden_by: None,
        hidden_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    insert_into(pilot_comments::table).values(&row).execute(tx.conn)?;
    tx.audit("pilot_comment", row.id.as_str(), None, Some(&row))?;
    let (bn, en) = users::table.find(actor.user_id).select((users::name_bn, users::name_en)).first(tx.conn)?;
    let location = format!("/v1/comments/{}", row.id);
    Reply::created(location, row.version, &CommentView::new((row, bn, en), Some(&actor), &seen.standing))
}
