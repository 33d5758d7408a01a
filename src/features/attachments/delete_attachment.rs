//! Taking a file away, as long as nobody judged by it. The row goes first: an object without a row hurts nobody.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete, update};

use super::{AttachmentId, Evidence, SeenParent, access::see_present, rows::AttachmentRow};
use crate::platform::{
    auth::Actor,
    db::schema::attachments,
    error::{AppError, ErrorCode},
    web::{Answer, Body, Call, Reply, Tx},
};

/// Delete a file.
///
/// By who uploaded it, or by the pilot's owner or deputy. Not once the record was handed in or has ended. If the record
/// was seen by others, it stays on record that there was a file, and who took it away.
#[utoipa::path(delete, path = "/v1/attachments/{attachment_id}", tag = "Attachments",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete_attachment(call: Call, body: Body) -> Answer {
    let id = call.id("attachment_id", AttachmentId::parse)?;
    let key = call
        .look(move |connection, context| {
            let (row, parent) = see_present(connection, context.actor.as_ref(), id)?;
            context.permit("delete_attachment", &parent.standing)?;
            check_own(context.user()?, &row, &parent)?;
            Ok(row.object_key)
        })
        .await?;
    body.expect_nothing(&call).await?;
    let reply = call.write_reply(move |tx| run(tx, id)).await?;
    // Best effort: the sweep finds it otherwise.
    let _ = call.state.files.delete(&key).await;
    Ok(reply.into_response(None))
}

fn run(tx: &mut Tx<'_>, id: AttachmentId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (row, parent) = see_present(tx.conn, Some(&actor), id)?;
    tx.permit("delete_attachment", &parent.standing)?;
    check_own(&actor, &row, &parent)?;
    tx.check_version(row.version)?;
    parent.check_removable()?;
    if parent.evidence == Evidence::Draft {
        delete(attachments::table.find(id)).execute(tx.conn)?;
        tx.audit::<AttachmentRow>("attachment", id.as_str(), Some(&row), None)?;
        return Ok(Reply::no_content());
    }
    let after = AttachmentRow {
        deleted_by: Some(actor.user_id),
        deleted_at: Some(tx.now),
        version: row.version + 1,
        updated_at: tx.now,
        ..row.clone()
    };
    let changed = update(attachments::table.find(id).filter(attachments::version.eq(row.version)))
        .set((
            attachments::deleted_by.eq(after.deleted_by),
            attachments::deleted_at.eq(after.deleted_at),
            attachments::version.eq(after.version),
            attachments::updated_at.eq(after.updated_at),
        ))
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit("attachment", id.as_str(), Some(&row), Some(&after))?;
    Ok(Reply::no_content())
}

/// A member takes away their own files; owner and deputy any.
fn check_own(actor: &Actor, row: &AttachmentRow, parent: &SeenParent) -> Result<(), AppError> {
    if row.uploaded_by == actor.user_id || parent.standing.owner || parent.standing.deputy {
        return Ok(());
    }
    Err(AppError::forbidden(
        "Only who uploaded the file, or the pilot's owner or deputy, may take it away.",
        "শুধু যিনি ফাইলটি দিয়েছেন, অথবা পাইলটের স্বত্বাধিকারী বা সহকারী, এটি সরাতে পারেন।",
    ))
}
