//! The file as it is stored: what is known of it, and where its bytes are.

use diesel::{Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{AttachmentId, ParentKind};
use crate::platform::{clock::Timestamp, db::schema::attachments, ids::UserId};

/// A file. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = attachments, treat_none_as_default_value = false)]
pub struct AttachmentRow {
    /// Its identifier.
    pub id: AttachmentId,
    /// What it hangs on.
    pub parent_kind: ParentKind,
    /// Which one.
    pub parent_id: String,
    /// Where its bytes are: a key of ours.
    pub object_key: String,
    /// What it is called, cleaned.
    pub file_name: String,
    /// What it is, by its own bytes.
    pub media_type: String,
    /// How many bytes.
    pub size: i64,
    /// Their SHA-256.
    pub sha256: String,
    /// What is said of it.
    pub description: Option<String>,
    /// By whom.
    pub uploaded_by: UserId,
    /// Who took it away.
    pub deleted_by: Option<UserId>,
    /// When.
    pub deleted_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it came.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
