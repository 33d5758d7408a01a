//! The table of the outbox.

use chrono::Duration;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, Queryable, QueryableByName, RunQueryDsl, Selectable,
    SelectableHelper, delete,
    dsl::IsNotNull,
    insert_into,
    sql_types::{BigInt, Text, Timestamp as SqlTimestamp},
    update,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Message, OutboxStatus, text};
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, schema::outbox_messages, statement::statement},
    error::AppError,
    ids::OutboxMessageId,
    leases,
};

/// How many messages a topic sends at the same time, each of another key.
const AT_ONCE: usize = 8;
/// Of how many messages that are due the keys are looked at to find whose turn it is.
const LOOKED_AT: usize = 256;

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
        .filter(waits())
        .filter(outbox_messages::due_at.le(now))
        .select(outbox_messages::position)
        .limit(1)
        .load(connection)?;
    Ok(!one.is_empty())
}

/// Whether a message is still to be sent: from then on its payload is gone. The indexes of the queue are for this.
fn waits() -> IsNotNull<outbox_messages::payload> {
    outbox_messages::payload.is_not_null()
}

/// The messages whose turn it is, counted as tried, with their places in the queue; none when another instance holds the
/// lease of the topic. For who sends them.
///
/// # Errors
/// Those of the database.
pub fn claim(
    connection: &mut DbConnection,
    topic: &str,
    holder: &str,
    now: Timestamp,
) -> Result<Vec<(i64, Message)>, AppError> {
    if !leases::hold(connection, &lease_name(topic), holder, now)? {
        return Ok(Vec::new());
    }
    let turns = whose_turn(connection, topic, now)?;
    // An administrator may have been quicker.
    let waiting = outbox_messages::table.filter(outbox_messages::position.eq_any(turns)).filter(waits());
    update(waiting.clone())
        .set((outbox_messages::attempts.eq(outbox_messages::attempts + 1), outbox_messages::last_attempt_at.eq(now)))
        .execute(connection)?;
    let claimed: Vec<Claimed> = waiting
        .order((outbox_messages::due_at, outbox_messages::position))
        .select(Claimed::as_select())
        .load(connection)?;
    Ok(claimed.into_iter().filter_map(Claimed::into_message).collect())
}

/// The first messages in line of some keys, if their time has come, earliest first. What is found behind one that was put
/// off is put off with it, so that nobody looks at it in vain again. That is not done when it is queued: reading the queue
/// there would make writers lose races.
fn whose_turn(connection: &mut DbConnection, topic: &str, now: Timestamp) -> Result<Vec<i64>, AppError> {
    loop {
        let (due, put_off): (Vec<_>, Vec<_>) =
            first_in_line(connection, topic, now)?.into_iter().partition(|first| first.due_at <= now);
        let moved = line_up(connection, put_off)?;
        if !due.is_empty() || moved == 0 {
            return Ok(due.into_iter().take(AT_ONCE).map(|first| first.position).collect());
        }
    }
}

#[derive(QueryableByName)]
struct FirstInLine {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlTimestamp)]
    due_at: Timestamp,
}

/// The first in line of each key that has a message among the earliest due. A fixed number of them is looked at, so a turn
/// costs the same however much has piled up.
fn first_in_line(connection: &mut DbConnection, topic: &str, now: Timestamp) -> Result<Vec<FirstInLine>, AppError> {
    let found = statement(format!(
        "SELECT position, due_at FROM outbox_messages WHERE position IN ( \
             SELECT (SELECT line.position FROM outbox_messages AS line \
                 WHERE line.topic = ? AND line.payload IS NOT NULL AND line.record_key = waiting.record_key \
                 ORDER BY line.position LIMIT 1) \
             FROM (SELECT DISTINCT record_key FROM (SELECT record_key FROM outbox_messages \
                 WHERE topic = ? AND payload IS NOT NULL AND due_at <= ? \
                 ORDER BY due_at, position LIMIT {LOOKED_AT}) AS due) AS waiting) \
         ORDER BY due_at, position"
    ))
    .bind::<Text, _>(topic)
    .bind::<Text, _>(topic)
    .bind::<SqlTimestamp, _>(now)
    .load(connection)?;
    Ok(found)
}

/// Puts off what waits behind these; gives the number of messages moved. Whether one has another time is asked by `<>`: a
/// range would have the index of times read instead of the line.
fn line_up(connection: &mut DbConnection, put_off: Vec<FirstInLine>) -> Result<usize, AppError> {
    if put_off.is_empty() {
        return Ok(0);
    }
    let positions: Vec<String> = put_off.into_iter().map(|first| first.position.to_string()).collect();
    let moved = diesel::sql_query(format!(
        "UPDATE outbox_messages AS message SET due_at = line.due_at FROM outbox_messages AS line \
         WHERE line.position IN ({}) AND message.topic = line.topic AND message.record_key = line.record_key \
         AND message.payload IS NOT NULL AND message.due_at <> line.due_at",
        positions.join(", ")
    ))
    .execute(connection)?;
    Ok(moved)
}

/// One whose turn it is.
#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox_messages)]
struct Claimed {
    position: i64,
    id: OutboxMessageId,
    record_key: String,
    attempts: i32,
    created_at: Timestamp,
    payload: Option<String>,
}

impl Claimed {
    fn into_message(self) -> Option<(i64, Message)> {
        let Self { position, id, record_key, attempts, created_at, payload } = self;
        Some((position, Message { id, record_key, attempt: attempts, created_at, payload: payload? }))
    }
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
            .filter(waits())
            .filter(outbox_messages::due_at.ne(until)),
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
