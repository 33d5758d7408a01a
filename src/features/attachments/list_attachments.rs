//! The files on a record, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{ParentKind, parent::see_parent, rows::AttachmentRow, view::AttachmentView};
use crate::platform::{
    db::schema::attachments,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// On which record.
    ListAttachmentsQuery {
        /// What the files hang on.
        #[param(inline)]
        parent_kind: ParentKind,
        /// Which one.
        #[param(format = Uuid, min_length = 36, max_length = 36)]
        parent_id: String,
    }
}

page_view! {
    /// A page of files, oldest first.
    AttachmentPage of AttachmentView
}

/// List the files on a record.
///
/// Oldest first. Whoever is logged in and sees the record sees its files; those on a draft are for its team and for
/// staff. What was taken away is not listed.
#[utoipa::path(get, path = "/v1/attachments", tag = "Attachments", params(ListAttachmentsQuery),
    responses((status = 200, description = "A page of files.", body = AttachmentPage)))]
pub async fn list_attachments(call: Call) -> Answer {
    let query: ListAttachmentsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let parent = see_parent(connection, context.actor.as_ref(), query.parent_kind, &query.parent_id)?;
        context.permit("list_attachments", &parent.standing)?;
        let present = attachments::table
            .filter(attachments::parent_kind.eq(query.parent_kind))
            .filter(attachments::parent_id.eq(query.parent_id.to_ascii_lowercase()))
            .filter(attachments::deleted_at.is_null());
        let mut rows =
            present.clone().order(attachments::id).limit(slice.fetch()).select(AttachmentRow::as_select()).into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(attachments::id.gt(after));
        }
        let rows: Vec<AttachmentRow> = rows.load(connection)?;
        let total = slice.total(|most| present.select(attachments::id).limit(most).load::<String>(connection))?;
        let cursor = |row: &AttachmentRow| Cursor { key: String::new(), id: row.id.to_string() };
        AttachmentPage::reply(context, &slice, rows, total, cursor, AttachmentView::from)
    })
    .await
}
