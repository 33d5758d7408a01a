//! Who sees a file: whoever sees what it hangs on. What was taken away is for the team and for staff.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, dsl::exists, select};

use super::{AttachmentId, ParentKind, SeenParent, parent::see_parent, rows::AttachmentRow};
use crate::platform::{
    auth::Actor,
    db::{DbConnection, schema::attachments},
    error::{AppError, DatabaseIntent},
};

/// The file and what it hangs on, if the caller may see that.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn see_attachment(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: AttachmentId,
) -> Result<(AttachmentRow, SeenParent), AppError> {
    let row: AttachmentRow =
        attachments::table.find(id).select(AttachmentRow::as_select()).first(connection).or_not_found()?;
    let parent = see_parent(connection, actor, row.parent_kind, &row.parent_id)?;
    let inside = parent.standing.team || parent.standing.roles.is_staff();
    if row.deleted_at.is_some() && !inside {
        return Err(AppError::not_found());
    }
    Ok((row, parent))
}

/// The same for a file that is still there.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn see_present(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: AttachmentId,
) -> Result<(AttachmentRow, SeenParent), AppError> {
    let (row, parent) = see_attachment(connection, actor, id)?;
    if row.deleted_at.is_some() { Err(AppError::not_found()) } else { Ok((row, parent)) }
}

/// Whether a file is there, and hangs on this record: asked by what names files as its proof.
///
/// # Errors
/// Those of the database.
pub fn is_present_on(
    connection: &mut DbConnection,
    id: AttachmentId,
    kind: ParentKind,
    parent: &str,
) -> Result<bool, AppError> {
    let present = attachments::table
        .find(id)
        .filter(attachments::parent_kind.eq(kind))
        .filter(attachments::parent_id.eq(parent))
        .filter(attachments::deleted_at.is_null());
    Ok(select(exists(present)).get_result(connection)?)
}
