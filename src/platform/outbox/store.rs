//! The table of the outbox.

use chrono::Duration;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, delete, insert_into,
    sql_types::{Text, Timestamp as SqlTimestamp},
    update,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Message, OutboxStatus, text};
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, dialect, schema::outbox_messages},
    error::AppError,
    ids::OutboxMessageId,
    leases,
};

/// How many messages a topic sends at the same time, each of another key.
const AT_ONCE: i64 = 8;

/// How long a message that is done with can be looked at.
const KEEP_SENT: Duration = Duration::days(7);
const KEEP_DEAD: Duration = Duration::days(90);

/// How much of an error is kept, in characters.
const LONGEST_ERROR: usize = 500;

/// Queues a message, in the transaction of what it tells of: it leaves after the commit, and only then. `record_key`
/// names what it is about, such as `user:0192…`; it is shown to administrators, the payload never is.
///
/// # Errors
/// Those of the database.
pub fn enqueue<T: Serialize>(
    connection: &mut DbConnection,
    now: Timestamp,
    topic: &'static str,
    record_key: &str,
    payload: &T,
) -> Result<OutboxMessageId, AppError> {
    let id = OutboxMessageId::from(Uuid::now_v7());
    insert_into(outbox_messages::table)
        .values((
            outbox_messages::id.eq(id),
            outbox_messages::topic.eq(topic),
            outbox_messages::record_key.eq(record_key),
            outbox_messages::payload.eq(text(payload)?),
            outbox_messages::created_at.eq(now),
            outbox_messages::due_at.eq(now),
        ))
        .execute(connection)?;
    Ok(id)
}

/// Whether a topic has anything to send; a cheap question on a reading connection.
///
/// # Errors
/// Those of the database.
pub fn is_due(connection: &mut DbConnection, topic: &str, now: Timestamp) -> Result<bool, AppError> {
    let one: Vec<i64> = outbox_messages::table
        .filter(outbox_messages::topic.eq(topic))
        .filter(outbox_messages::status.eq(OutboxStatus::Pending))
        .filter(outbox_messages::due_at.le(now))
        .select(outbox_messages::position)
        .limit(1)
        .load(connection)?;
    Ok(!one.is_empty())
}

/// The messages whose turn it is, counted as tried; none when another instance holds the lease of the topic.
pub(super) fn claim(
    connection: &mut DbConnection,
    topic: &str,
    holder: &str,
    now: Timestamp,
) -> Result<Vec<(i64, Message)>, AppError> {
    if !leases::hold(connection, &lease_name(topic), holder, now)? {
        return Ok(Vec::new());
    }
    line_up(connection, topic, now)?;
    let due = dialect::due_messages(connection, topic, now, AT_ONCE)?;
    let positions: Vec<i64> = due.iter().map(|row| row.position).collect();
    update(outbox_messages::table.filter(outbox_messages::position.eq_any(positions)))
        .set((outbox_messages::attempts.eq(outbox_messages::attempts + 1), outbox_messages::last_attempt_at.eq(now)))
        .execute(connection)?;
    Ok(due
        .into_iter()
        .map(|row| {
            let message = Message {
                id: row.id,
                record_key: row.record_key,
                attempt: row.attempts + 1,
                created_at: row.created_at,
                payload: row.payload,
            };
            (row.position, message)
        })
        .collect())
}

/// Lets messages that were queued behind one that was put off wait as long as that one, so that nobody looks at them in
/// vain. Not done when they are queued: reading the queue there would make writers lose races.
fn line_up(connection: &mut DbConnection, topic: &str, now: Timestamp) -> Result<(), AppError> {
    const EARLIER: &str = "FROM outbox_messages AS earlier WHERE earlier.topic = $1 AND earlier.status = 'pending' \
         AND earlier.record_key = message.record_key AND earlier.position < message.position AND earlier.due_at > $2";
    diesel::sql_query(format!(
        "UPDATE outbox_messages AS message SET due_at = (SELECT max(earlier.due_at) {EARLIER}) \
         WHERE topic = $1 AND status = 'pending' AND due_at <= $2 AND EXISTS (SELECT 1 {EARLIER})"
    ))
    .bind::<Text, _>(topic)
    .bind::<SqlTimestamp, _>(now)
    .execute(connection)?;
    Ok(())
}

/// The lease under which a topic is sent.
pub(super) fn lease_name(topic: &str) -> String {
    format!("outbox:{topic}")
}

/// Notes that a message is done with, and forgets what it said.
pub(super) fn finish(
    connection: &mut DbConnection,
    position: i64,
    status: OutboxStatus,
    error: Option<&str>,
    now: Timestamp,
) -> Result<(), AppError> {
    update(outbox_messages::table.find(position).filter(outbox_messages::status.eq(OutboxStatus::Pending)))
        .set((
            outbox_messages::status.eq(status),
            outbox_messages::payload.eq(None::<String>),
            outbox_messages::last_error.eq(error.map(cut)),
            outbox_messages::finished_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Puts a message off, and with it those behind it, so that nobody looks at them in vain meanwhile.
pub(super) fn postpone(
    connection: &mut DbConnection,
    topic: &str,
    (position, message): (i64, &Message),
    until: Timestamp,
    error: &str,
) -> Result<(), AppError> {
    update(
        outbox_messages::table
            .filter(outbox_messages::topic.eq(topic))
            .filter(outbox_messages::record_key.eq(&message.record_key))
            .filter(outbox_messages::status.eq(OutboxStatus::Pending))
            .filter(outbox_messages::due_at.lt(until)),
    )
    .set(outbox_messages::due_at.eq(until))
    .execute(connection)?;
    update(outbox_messages::table.find(position))
        .set(outbox_messages::last_error.eq(cut(error)))
        .execute(connection)?;
    Ok(())
}

fn cut(error: &str) -> String {
    error.chars().take(LONGEST_ERROR).collect()
}

/// Drops messages that were done with long ago; the server calls it now and then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    let sent =
        outbox_messages::status.eq(OutboxStatus::Sent).and(outbox_messages::finished_at.lt(now.plus(-KEEP_SENT)));
    let dead =
        outbox_messages::status.eq(OutboxStatus::Dead).and(outbox_messages::finished_at.lt(now.plus(-KEEP_DEAD)));
    Ok(delete(outbox_messages::table.filter(sent)).execute(connection)?
        + delete(outbox_messages::table.filter(dead)).execute(connection)?)
}
