//! SQLite has one writer, and each of its commits waits for the disk. So the writes that wait for their turn are done
//! in one transaction, each behind a savepoint of its own, and are answered together after its commit: nothing is
//! acknowledged earlier than before, but the disk is waited for once.
//!
//! Whoever gets the connection does what is queued, its own work among it, so there is no thread that could die.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;
use tracing::Span;

use super::{
    DbConnection,
    pool::Pool,
    transaction::{self, Kind},
    work::{self, Value, Writing},
};
use crate::platform::{error::AppError, telemetry};

/// At most so many writes are committed together.
const MOST_TOGETHER: usize = 256;
/// What comes while a transaction is younger than this still joins it.
const OPEN: Duration = Duration::from_millis(25);
/// What waited before a transaction began is begun in it until it is so old: those that are done wait for its commit. What
/// a commit costs is shared by all in it, and when many wait nothing counts more; on a slow machine they take longer.
const LONGEST: Duration = Duration::from_millis(100);

/// Writes that wait for the writing connection.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Job>>);

impl Queue {
    fn push(&self, job: Job) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The next one that somebody still waits for, and nobody can call off from here on.
    fn next(&self) -> Option<Job> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| queue.pop_front()).find(|job| job.begin())
    }
}

/// One of them.
struct Job {
    work: Writing,
    outcome: Option<Result<Value, AppError>>,
    asker: oneshot::Sender<Result<Value, AppError>>,
    /// Begun or called off: what comes first holds.
    settled: Arc<AtomicBool>,
    span: Span,
}

impl Job {
    /// Whether it is to be done; from then on it is.
    fn begin(&self) -> bool {
        !self.asker.is_closed() && !self.settled.swap(true, Ordering::AcqRel)
    }

    /// Does it, in a transaction that is open. Others may be in the same one: one that panics takes only its own savepoint
    /// with it.
    fn attempt(&mut self, connection: &mut DbConnection) -> Result<Value, AppError> {
        let _entered = self.span.enter();
        let work = &mut self.work;
        catch_unwind(AssertUnwindSafe(|| work(connection)))
            .unwrap_or_else(|_| Err(AppError::internal("database work ended abnormally")))
    }

    fn answer(self) {
        let Self { work, outcome, asker, .. } = self;
        // What the work holds, such as its idempotency key, is given back before anyone hears of its end.
        drop(work);
        if let Some(outcome) = outcome {
            // Who asked may be gone; then nobody hears of it.
            let _ = asker.send(outcome);
        }
    }
}

/// Runs `work` in a transaction, with others if others wait.
///
/// # Errors
/// Those of `work` and of [`Pool::run`].
pub(super) async fn run(pool: &Arc<Pool>, queue: &Arc<Queue>, work: Writing) -> Result<Value, AppError> {
    let (asker, mut answered) = oneshot::channel();
    let settled = Arc::new(AtomicBool::new(false));
    let span = telemetry::database_span("write");
    queue.push(Job { work, outcome: None, asker, settled: Arc::clone(&settled), span });
    let (lost, shared) = (Arc::clone(pool), Arc::clone(queue));
    let lead = pool.run(work::reading(move |connection| {
        lead(connection, &shared, &|| lost.lost_a_race());
        Ok(())
    }));
    let led = tokio::select! {
        biased;
        outcome = &mut answered => return outcome.unwrap_or_else(|_| Err(abandoned())),
        led = lead => led,
    };
    match led {
        // Nobody has begun it, and nobody will.
        Err(refused) if !settled.swap(true, Ordering::AcqRel) => Err(refused),
        // Done by us, or by one before us who is about to commit.
        _ => answered.await.unwrap_or_else(|_| Err(abandoned())),
    }
}

fn abandoned() -> AppError {
    AppError::internal("a queued write was dropped")
}

/// Does what is queued, in one transaction; if that fails as a whole, each in one of its own.
fn lead(connection: &mut DbConnection, queue: &Queue, lost: &dyn Fn()) {
    let waited = queue.len();
    let Some(first) = queue.next() else { return };
    let mut group: Vec<Job> = Vec::new();
    let mut next = Some(first);
    let begun = Instant::now();
    let committed = transaction::once(connection, Kind::Writing, |connection| {
        while let Some(job) = next.take() {
            group.push(job);
            if let Some(job) = group.last_mut() {
                behind_a_savepoint(connection, job)?;
            }
            let end = if group.len() < waited { LONGEST } else { OPEN };
            if group.len() < MOST_TOGETHER && begun.elapsed() < end {
                next = queue.next();
            }
        }
        Ok(())
    });
    // The transaction may not have begun.
    group.extend(next);
    for mut job in group {
        if committed.is_err() {
            job.outcome =
                Some(transaction::repeated(connection, Kind::Writing, lost, &mut |connection| job.attempt(connection)));
        }
        job.answer();
    }
}

/// Does one of a group. Its own refusal undoes what it did and nothing else.
///
/// # Errors
/// When the transaction as a whole cannot go on.
fn behind_a_savepoint(connection: &mut DbConnection, job: &mut Job) -> Result<(), AppError> {
    connection.batch_execute("SAVEPOINT one")?;
    let outcome = job.attempt(connection);
    match &outcome {
        Ok(_) => connection.batch_execute("RELEASE one")?,
        Err(error) if error.is_retryable() => return Err(error.clone()),
        Err(_) => connection.batch_execute("ROLLBACK TO one; RELEASE one")?,
    }
    job.outcome = Some(outcome);
    Ok(())
}
