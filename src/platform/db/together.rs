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
};
use crate::platform::{error::AppError, telemetry};

/// At most so many writes are committed together.
const MOST_TOGETHER: usize = 64;
/// No further one is begun in a transaction that is so old: those that are done wait for it.
const LONGEST: Duration = Duration::from_millis(8);

/// Writes that wait for the writing connection.
#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Box<dyn Job>>>);

impl Queue {
    fn push(&self, job: Box<dyn Job>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(job);
    }

    /// The next one that somebody still waits for, and nobody can call off from here on.
    fn next(&self) -> Option<Box<dyn Job>> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| queue.pop_front()).find(|job| job.begin())
    }
}

/// A write of any result.
trait Job: Send {
    /// Whether it is to be done; from then on it is.
    fn begin(&self) -> bool;
    /// Does it, in a transaction that is open.
    fn attempt(&mut self, connection: &mut DbConnection) -> Result<(), AppError>;
    /// What it comes to in the end is this error.
    fn fail(&mut self, error: AppError);
    fn answer(self: Box<Self>);
}

struct Work<T, F> {
    work: F,
    outcome: Option<Result<T, AppError>>,
    asker: oneshot::Sender<Result<T, AppError>>,
    /// Begun or called off: what comes first holds.
    settled: Arc<AtomicBool>,
    span: Span,
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send,
{
    fn begin(&self) -> bool {
        !self.asker.is_closed() && !self.settled.swap(true, Ordering::AcqRel)
    }

    fn attempt(&mut self, connection: &mut DbConnection) -> Result<(), AppError> {
        let _entered = self.span.enter();
        let work = &mut self.work;
        // Others are in the same transaction: one that panics takes only its own savepoint with it.
        let value = catch_unwind(AssertUnwindSafe(|| work(connection)))
            .unwrap_or_else(|_| Err(AppError::internal("database work ended abnormally")))?;
        self.outcome = Some(Ok(value));
        Ok(())
    }

    fn fail(&mut self, error: AppError) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let Self { work, outcome, asker, .. } = *self;
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
pub(super) async fn run<T, F>(
    pool: &Arc<Pool>,
    queue: &Arc<Queue>,
    lost: impl Fn() + Clone + Send + 'static,
    work: F,
) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnMut(&mut DbConnection) -> Result<T, AppError> + Send + 'static,
{
    let (asker, mut answered) = oneshot::channel();
    let settled = Arc::new(AtomicBool::new(false));
    let span = telemetry::database_span("write");
    queue.push(Box::new(Work { work, outcome: None, asker, settled: Arc::clone(&settled), span }));
    let shared = Arc::clone(queue);
    let lead = pool.run(move |connection| {
        lead(connection, &shared, lost);
        Ok(())
    });
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
fn lead(connection: &mut DbConnection, queue: &Queue, lost: impl Fn() + Clone) {
    let Some(first) = queue.next() else { return };
    let mut group: Vec<Box<dyn Job>> = Vec::new();
    let mut next = Some(first);
    let begun = Instant::now();
    let committed = transaction::once(connection, Kind::Writing, |connection| {
        while let Some(job) = next.take() {
            group.push(job);
            if let Some(job) = group.last_mut() {
                behind_a_savepoint(connection, job.as_mut())?;
            }
            if group.len() < MOST_TOGETHER && begun.elapsed() < LONGEST {
                next = queue.next();
            }
        }
        Ok(())
    });
    // The transaction may not have begun.
    group.extend(next);
    for mut job in group {
        if committed.is_err() {
            let alone =
                transaction::repeated(connection, Kind::Writing, lost.clone(), |connection| job.attempt(connection));
            if let Err(error) = alone {
                job.fail(error);
            }
        }
        job.answer();
    }
}

/// Does one of a group. Its own refusal undoes what it did and nothing else.
///
/// # Errors
/// When the transaction as a whole cannot go on.
fn behind_a_savepoint(connection: &mut DbConnection, job: &mut dyn Job) -> Result<(), AppError> {
    connection.batch_execute("SAVEPOINT one")?;
    match job.attempt(connection) {
        Ok(()) => connection.batch_execute("RELEASE one")?,
        Err(error) if error.is_retryable() => return Err(error),
        Err(error) => {
            connection.batch_execute("ROLLBACK TO one; RELEASE one")?;
            job.fail(error);
        }
    }
    Ok(())
}
