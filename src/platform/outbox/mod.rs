//! What leaves the program: queued in the transaction of its cause, sent after commit, at least once, in order for each
//! record, by one instance at a time.
//!
//! A slice queues with [`enqueue`] and sends with a [`Handler`], registered in `features::OUTBOX_HANDLERS`. In the
//! server a loop a topic does the sending (`platform::background`), so that a slow topic does not hold up another.

mod sender;
mod store;

use chrono::Duration;
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

pub use sender::{deliver_due, run_once};
pub use store::{claim, enqueue, is_due, purge};

use super::{clock::Timestamp, error::AppError, ids::OutboxMessageId, text_enum::text_enum, web::AppState};

text_enum! {
    /// How a message stands.
    OutboxStatus {
        /// It waits for its turn or its next attempt.
        Pending = "pending",
        /// It was handed over.
        Sent = "sent",
        /// It was given up.
        Dead = "dead",
    }
}

/// The pauses after the first, second, … failed attempt; about three days in all. After the last one the message is
/// given up.
pub const PAUSES: &[Duration] = &[
    Duration::seconds(5),
    Duration::seconds(30),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(18),
    Duration::hours(22),
];

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its identifier, the same at each attempt, by which a receiver knows a repetition.
    pub id: OutboxMessageId,
    /// Whose turn it is: messages of one key leave in the order in which they were queued.
    pub record_key: String,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it was queued.
    pub created_at: Timestamp,
    payload: String,
}

impl Message {
    /// What was queued.
    ///
    /// # Errors
    /// `Never` when it is not what the handler expects: no repetition would help.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, SendError> {
        serde_json::from_str(&self.payload).map_err(|error| SendError::Never(format!("unreadable payload: {error}")))
    }
}

/// Why a message could not be sent. The sentence is kept and shown to administrators: no secrets in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// It may work later.
    Later(String),
    /// It will never work.
    Never(String),
}

/// A fault of the database or of ours may pass.
impl From<AppError> for SendError {
    fn from(error: AppError) -> Self {
        Self::Later(error.code.as_str().to_owned())
    }
}

/// Sends the messages of one topic.
pub trait Handler: Send + Sync {
    /// Which topic.
    fn topic(&self) -> &'static str;

    /// Hands one message over. Runs outside any transaction and is cut off after [`MOST_SECONDS`]. It may be called again
    /// for a message that was handed over already, if the process died before it could note that.
    fn send<'a>(&'a self, state: &'a AppState, message: &'a Message) -> BoxFuture<'a, Result<(), SendError>>;

    /// The pauses between attempts.
    fn pauses(&self) -> &'static [Duration] {
        PAUSES
    }
}

/// How many seconds an attempt may take.
pub const MOST_SECONDS: u64 = 20;

/// The text that is stored.
fn text<T: Serialize>(payload: &T) -> Result<String, AppError> {
    serde_json::to_string(payload).map_err(AppError::internal)
}
