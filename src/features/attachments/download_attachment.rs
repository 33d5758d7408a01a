//! The bytes of a file. Every download is asked for anew and leaves its line in the audit.

use actix_web::{HttpRequest, http::Method};
use futures_util::stream;

use super::{AttachmentId, access::see_present};
use crate::platform::{
    error::AppError,
    files::content_disposition,
    web::{Answer, Call, Reply, download},
};

/// Download a file.
///
/// Always as `application/octet-stream` to be saved, never to be shown. The `ETag` is the SHA-256 of the bytes. Each
/// download is audited.
#[utoipa::path(get, path = "/v1/attachments/{attachment_id}/content", tag = "Attachments",
    responses((status = 200, description = "The bytes.", body = String, content_type = "application/octet-stream")))]
pub async fn download_attachment(call: Call, request: HttpRequest) -> Answer {
    let id = call.id("attachment_id", AttachmentId::parse)?;
    let row = call
        .look(move |connection, context| {
            let (row, parent) = see_present(connection, context.actor.as_ref(), id)?;
            context.permit("download_attachment", &parent.standing)?;
            Ok(row)
        })
        .await?;
    let etag = format!("\"{}\"", row.sha256);
    if call.has_already(&etag) {
        return Ok(download::not_modified(&etag));
    }
    let size = u64::try_from(row.size).map_err(AppError::internal)?;
    let disposition = content_disposition(&row.file_name);
    if request.method() == Method::HEAD {
        return Ok(download::file(&disposition, &etag, size, stream::empty()));
    }
    let bytes = call.state.files.get(&row.object_key).await?;
    call.write_reply(move |tx| {
        let actor = tx.actor()?.clone();
        let (row, parent) = see_present(tx.conn, Some(&actor), id)?;
        tx.permit("download_attachment", &parent.standing)?;
        tx.audit("attachment", id.as_str(), Some(&row), Some(&row))?;
        Ok(Reply::no_content())
    })
    .await?;
    Ok(download::file(&disposition, &etag, size, bytes))
}
