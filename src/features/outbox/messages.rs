//! A message of the outbox, as it is stored and shown.

use diesel::{Queryable, Selectable};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{clock::Timestamp, db::schema::outbox_messages, ids::OutboxMessageId, outbox::OutboxStatus};

/// All of a message but what it says.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox_messages)]
pub struct OutboxMessageRow {
    pub position: i64,
    pub id: OutboxMessageId,
    pub topic: String,
    pub record_key: String,
    pub status: OutboxStatus,
    pub attempts: i32,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub last_attempt_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub finished_at: Option<Timestamp>,
}

/// A message that leaves the program, without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutboxMessageView {
    /// Its identifier.
    pub id: OutboxMessageId,
    /// What kind of message.
    #[schema(max_length = 60, example = "mail")]
    pub topic: String,
    /// What it is about; messages of one key leave in order.
    #[schema(max_length = 200, example = "user:0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e")]
    pub record_key: String,
    /// How it stands.
    #[schema(inline)]
    pub status: OutboxStatus,
    /// How often it was tried.
    #[schema(minimum = 0, maximum = 1000)]
    pub attempts: i32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is tried next; null when it is done with.
    pub due_at: Option<Timestamp>,
    /// When it was tried last.
    pub last_attempt_at: Option<Timestamp>,
    /// Why the last attempt failed.
    #[schema(max_length = 500)]
    pub last_error: Option<String>,
    /// When it was sent or given up.
    pub finished_at: Option<Timestamp>,
}

impl From<OutboxMessageRow> for OutboxMessageView {
    fn from(row: OutboxMessageRow) -> Self {
        Self {
            id: row.id,
            topic: row.topic,
            record_key: row.record_key,
            status: row.status,
            attempts: row.attempts,
            created_at: row.created_at,
            due_at: (row.status == OutboxStatus::Pending).then_some(row.due_at),
            last_attempt_at: row.last_attempt_at,
            last_error: row.last_error,
            finished_at: row.finished_at,
        }
    }
}
