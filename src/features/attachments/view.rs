//! How a file is shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AttachmentId, ParentKind, rows::AttachmentRow};
use crate::platform::{clock::Timestamp, ids::UserId};

/// A file on a record; its bytes are at `…/content`.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its identifier.
    pub id: AttachmentId,
    /// What it hangs on.
    #[schema(inline)]
    pub parent_kind: ParentKind,
    /// Which one.
    #[schema(format = Uuid, min_length = 36, max_length = 36)]
    pub parent_id: String,
    /// What it is called.
    #[schema(max_length = 150, example = "attendance.pdf")]
    pub file_name: String,
    /// What it is, by its own bytes.
    #[schema(max_length = 100, example = "application/pdf")]
    pub media_type: String,
    /// How many bytes.
    #[schema(minimum = 1)]
    pub size: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    #[schema(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub sha256: String,
    /// What is said of it.
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// By whom.
    pub uploaded_by: UserId,
    /// When it was taken away again; then its bytes are gone.
    pub deleted_at: Option<Timestamp>,
    /// Who did that.
    pub deleted_by: Option<UserId>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl From<AttachmentRow> for AttachmentView {
    fn from(row: AttachmentRow) -> Self {
        Self {
            id: row.id,
            parent_kind: row.parent_kind,
            parent_id: row.parent_id,
            file_name: row.file_name,
            media_type: row.media_type,
            size: row.size,
            sha256: row.sha256,
            description: row.description,
            uploaded_by: row.uploaded_by,
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
