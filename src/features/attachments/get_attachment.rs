//! What is known of a file.

use super::{AttachmentId, access::see_attachment, view::AttachmentView};
use crate::platform::web::{Answer, Call, Reply};

/// Read what is known of a file.
///
/// Its bytes are at `…/content`. Team and staff also see that a file was taken away.
#[utoipa::path(get, path = "/v1/attachments/{attachment_id}", tag = "Attachments",
    responses((status = 200, description = "The file.", body = AttachmentView)))]
pub async fn get_attachment(call: Call) -> Answer {
    let id = call.id("attachment_id", AttachmentId::parse)?;
    call.read(move |connection, context| {
        let (row, parent) = see_attachment(connection, context.actor.as_ref(), id)?;
        context.permit("get_attachment", &parent.standing)?;
        Reply::record(row.version, &AttachmentView::from(row))
    })
    .await
}
