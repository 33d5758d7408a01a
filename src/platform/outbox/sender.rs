//! Sending: claim a handful under the lease, send them side by side outside any transaction, note what came of each.

use std::{panic::AssertUnwindSafe, time::Duration};

use chrono::Duration as Span;
use futures_util::{FutureExt, future::join_all};
use tokio::time::{Instant, interval_at, timeout};

use super::{
    Handler, MOST_SECONDS, Message, OutboxStatus, SendError,
    store::{claim, finish, is_due, lease_name, postpone},
};
use crate::platform::{clock::Timestamp, error::AppError, leases, web::AppState};

/// Sends what is due of every topic; gives the number of attempts made.
///
/// # Errors
/// Those of the database. What a receiver refuses is no error here: it is noted and tried again.
pub async fn run_once(state: &AppState) -> Result<usize, AppError> {
    let mut attempts = 0;
    for handler in state.outbox_handlers {
        attempts += deliver_due(state, *handler).await?;
    }
    Ok(attempts)
}

/// Sends what is due of one topic, until nothing is or the process is about to stop.
///
/// # Errors
/// As [`run_once`].
pub async fn deliver_due(state: &AppState, handler: &dyn Handler) -> Result<usize, AppError> {
    let (topic, mut attempts) = (handler.topic(), 0);
    while !state.is_draining() {
        let now = state.clock.now();
        if !state.db.read(move |connection| is_due(connection, topic, now)).await? {
            break;
        }
        let holder = state.instance.clone();
        let batch = state.db.tend(move |connection| claim(connection, topic, &holder, now)).await?;
        if batch.is_empty() {
            break;
        }
        attempts += batch.len();
        let sending = join_all(batch.iter().map(|(position, message)| attempt(state, handler, *position, message)));
        let outcomes = tokio::select! {
            outcomes = sending => outcomes,
            never = keep_lease(state, topic) => match never {},
        };
        outcomes.into_iter().collect::<Result<Vec<()>, AppError>>()?;
    }
    Ok(attempts)
}

/// Renews the lease while messages are in flight. If that fails they are finished all the same: the worst is a second
/// delivery by another instance, which receivers have to expect anyway.
async fn keep_lease(state: &AppState, topic: &'static str) -> std::convert::Infallible {
    let mut ticks = interval_at(Instant::now() + leases::RENEW, leases::RENEW);
    loop {
        ticks.tick().await;
        let (holder, now) = (state.instance.clone(), state.clock.now());
        let renewed = state.db.tend(move |connection| leases::hold(connection, &lease_name(topic), &holder, now)).await;
        if !matches!(renewed, Ok(true)) {
            tracing::warn!(topic, "the lease could not be renewed while messages are in flight");
        }
    }
}

async fn attempt(state: &AppState, handler: &dyn Handler, position: i64, message: &Message) -> Result<(), AppError> {
    // A handler that panics must not end the loop of its topic.
    let sending = AssertUnwindSafe(handler.send(state, message)).catch_unwind();
    let sent = timeout(Duration::from_secs(MOST_SECONDS), sending).await;
    let sent = match sent {
        Ok(Ok(sent)) => sent,
        Ok(Err(_)) => Err(SendError::Later("the handler failed abnormally".into())),
        Err(_) => Err(SendError::Later(format!("no answer within {MOST_SECONDS} seconds"))),
    };
    let (topic, now) = (handler.topic(), state.clock.now());
    match next(sent, message, handler.pauses(), now) {
        Next::Finish(status, error) => {
            if let Some(error) = &error {
                tracing::warn!(topic, message_id = %message.id, error, "a message is given up");
            }
            state.db.tend(move |connection| finish(connection, position, status, error.as_deref(), now)).await
        }
        Next::Wait(until, error) => {
            tracing::info!(topic, message_id = %message.id, attempt = message.attempt, %until, error, "not sent, later again");
            let message = message.clone();
            state.db.tend(move |connection| postpone(connection, topic, (position, &message), until, &error)).await
        }
    }
}

/// What follows an attempt.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Finish(OutboxStatus, Option<String>),
    Wait(Timestamp, String),
}

fn next(sent: Result<(), SendError>, message: &Message, pauses: &[Span], now: Timestamp) -> Next {
    let error = match sent {
        Ok(()) => return Next::Finish(OutboxStatus::Sent, None),
        Err(SendError::Never(error)) => return Next::Finish(OutboxStatus::Dead, Some(error)),
        Err(SendError::Later(error)) => error,
    };
    let pause = usize::try_from(message.attempt - 1).ok().and_then(|index| pauses.get(index));
    match pause {
        Some(pause) => Next::Wait(now.plus(jittered(*pause, message)), error),
        None => Next::Finish(OutboxStatus::Dead, Some(error)),
    }
}

/// A pause up to a fifth longer, differently for each message and attempt, so that those who failed together do not all
/// come back together.
fn jittered(pause: Span, message: &Message) -> Span {
    let seed = crate::platform::crypto::sha256_hex(format!("{}/{}", message.id, message.attempt).as_bytes());
    let part = seed.get(..4).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or(0);
    Span::milliseconds(pause.num_milliseconds() + pause.num_milliseconds() * part / (5 * 0xffff))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::outbox::PAUSES;

    fn message(attempt: i32) -> Message {
        Message {
            id: crate::platform::ids::OutboxMessageId::from(uuid::Uuid::now_v7()),
            record_key: "x".into(),
            attempt,
            created_at: Timestamp::from_millis(0),
            payload: "{}".into(),
        }
    }

    #[test]
    fn pauses_grow_for_three_days_and_then_it_is_given_up() {
        let now = Timestamp::from_millis(0);
        let mut all = 0;
        for (number, pause) in (1..).zip(PAUSES) {
            let Next::Wait(until, _) = next(Err(SendError::Later("x".into())), &message(number), PAUSES, now) else {
                panic!("given up too early");
            };
            assert!(until.millis() >= pause.num_milliseconds() && until.millis() <= pause.num_milliseconds() * 6 / 5);
            all += pause.num_hours();
        }
        assert!((68..=76).contains(&all));
        let last = i32::try_from(PAUSES.len()).unwrap() + 1;
        let dead = Next::Finish(OutboxStatus::Dead, Some("x".into()));
        assert_eq!(next(Err(SendError::Later("x".into())), &message(last), PAUSES, now), dead);
        assert_eq!(next(Err(SendError::Never("x".into())), &message(1), PAUSES, now), dead);
    }
}
