//! Which files are there, for records that name files of their own.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{AttachmentId, ParentKind};
use crate::platform::{
    db::{DbConnection, schema::attachments},
    error::AppError,
};

/// The files on records of one kind that were not taken away: what each hangs on, and which it is.
///
/// # Errors
/// Those of the database.
pub fn present(
    connection: &mut DbConnection,
    kind: ParentKind,
    parents: &[String],
) -> Result<Vec<(String, AttachmentId)>, AppError> {
    Ok(attachments::table
        .filter(attachments::parent_kind.eq(kind))
        .filter(attachments::parent_id.eq_any(parents))
        .filter(attachments::deleted_at.is_null())
        .select((attachments::parent_id, attachments::id))
        .load(connection)?)
}
