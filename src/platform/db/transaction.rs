//! One transaction: how it begins, is tried again and ends.

use std::time::Duration;

use diesel::connection::SimpleConnection;

use super::{DbConnection, Engine, alone, work::Value};
use crate::platform::error::AppError;

/// How many times a transaction that lost a race is run before the caller is told to come back.
const MOST_ATTEMPTS: u32 = 20;
/// After so many lost races a transaction asks to be alone.
const RACES_IN_THE_OPEN: u32 = 3;

/// How a transaction begins.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A serializable one that decides by what it read.
    Writing,
    /// A writing one while no other is under way, on all instances.
    WritingAlone,
    /// A writing one that moves money: one at a time on all instances, since each goes on from the last line of a ledger.
    Money,
    /// A short one of the background, which takes the locks it needs itself and makes no writer lose a race.
    Tending,
    /// None: the work reads, and then writes by one statement, which PostgreSQL does whole or not at all. What it read may be
    /// older than what it writes, as in [`Kind::Tending`].
    Single,
    /// A serializable one of a program that has the database to itself.
    Migrating,
}

impl Kind {
    /// SQLite has one writer at a time anyway. On PostgreSQL `LOCK TABLE` waits before the transaction takes its
    /// snapshot, so who waited has not lost by it; it waits for less than others would be kept waiting behind it.
    const fn begin(self, engine: Engine) -> Option<&'static str> {
        Some(match (engine, self) {
            (Engine::Postgres, Self::Single) => return None,
            (Engine::Sqlite, _) => "BEGIN IMMEDIATE",
            (Engine::Postgres, Self::Writing) => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE write_turns IN ROW SHARE MODE"
            }
            (Engine::Postgres, Self::WritingAlone) => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL lock_timeout = '1s'; \
                 LOCK TABLE write_turns IN EXCLUSIVE MODE; SET LOCAL lock_timeout = '5s'"
            }
            (Engine::Postgres, Self::Money) => {
                "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL lock_timeout = '10s'; \
                 LOCK TABLE money_turns IN EXCLUSIVE MODE; LOCK TABLE write_turns IN ROW SHARE MODE; \
                 SET LOCAL lock_timeout = '5s'"
            }
            (Engine::Postgres, Self::Tending) => "BEGIN ISOLATION LEVEL READ COMMITTED",
            (Engine::Postgres, Self::Migrating) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        })
    }
}

/// Runs `work` in transactions until one does not lose its race; `lost` is told of each that did.
pub(super) fn repeated(
    connection: &mut DbConnection,
    kind: Kind,
    lost: &dyn Fn(),
    work: &mut dyn FnMut(&mut DbConnection) -> Result<Value, AppError>,
) -> Result<Value, AppError> {
    let mut attempt = 1;
    loop {
        let kind = match kind {
            Kind::Writing if attempt > RACES_IN_THE_OPEN => Kind::WritingAlone,
            kind => kind,
        };
        match once(connection, kind, &mut *work) {
            Err(error) if error.is_retryable() && attempt < MOST_ATTEMPTS => {
                lost();
                pause(attempt);
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// One attempt. A failed COMMIT is rolled back too, and a connection that cannot roll back is given up by the pool.
pub(super) fn once<T>(
    connection: &mut DbConnection,
    kind: Kind,
    mut work: impl FnMut(&mut DbConnection) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let engine = connection.engine();
    let Some(begin) = kind.begin(engine) else { return alone::checked(connection, work) };
    if let Err(error) = connection.batch_execute(begin) {
        // It may have begun, and not got its lock.
        if engine == Engine::Postgres {
            roll_back(connection);
        }
        return Err(error.into());
    }
    let outcome = work(connection).and_then(|value| {
        connection.batch_execute("COMMIT")?;
        Ok(value)
    });
    if outcome.is_err() {
        roll_back(connection);
    }
    outcome
}

fn roll_back(connection: &mut DbConnection) {
    if let Err(error) = connection.batch_execute("ROLLBACK") {
        tracing::warn!(%error, "a transaction could not be rolled back");
        connection.give_up();
    }
}

/// Growing pauses with jitter, so that racers do not meet again in step.
fn pause(attempt: u32) {
    let most = 2_u64.saturating_pow(attempt.min(7));
    let jitter = u64::from(uuid::Uuid::now_v7().as_fields().3.last().copied().unwrap_or(0)) % most.max(1);
    std::thread::sleep(Duration::from_millis(1 + jitter));
}
