//! What is counted and measured, in the text form of Prometheus.
//!
//! Each [`Metrics`] has a registry of its own, so that several applications in one process (the tests) do not mix. Labels
//! are operation ids, codes and names of ours, never paths or callers, so the number of series is bounded. What happens
//! with each request is a few atomic additions on handles that are looked up once; what only a reader wants to know, such
//! as the size of a file, is asked when `/metrics` is read.

mod process;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    time::Duration,
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder, SharedString};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use super::{
    db::{Db, DbObserver, Engine},
    error::{AppError, ErrorCode},
};

/// In seconds. From a lookup in memory to what a person takes for broken.
const BUCKETS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often samples are put into their buckets, read or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// The label of requests that no operation is for.
const UNMATCHED: &str = "unmatched";

const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

/// Each name with what it says; `docs/decisions/0025-metrics.md` has the reasons. A test holds the dashboard against
/// what is exported.
const DESCRIPTIONS: &[(&str, &str)] = &[
    ("pilots_build_info", "1, with the version as label."),
    ("pilots_http_requests_total", "Requests answered, by operation and class of status."),
    ("pilots_http_request_duration_seconds", "From the head of a request to the head of its answer, by operation."),
    ("pilots_http_requests_in_flight", "Requests being served, those that wait for their body left out."),
    ("pilots_refusals_total", "Requests refused or failed, by code."),
    ("pilots_db_up", "Whether the database answered when this was read."),
    ("pilots_db_pool_connections", "Connections by pool and state: most, used, idle."),
    ("pilots_db_wait_seconds", "Waiting for a connection, by pool."),
    ("pilots_db_work_seconds", "Using a connection, by pool."),
    ("pilots_db_waits_given_up_total", "Requests told to come back because no connection came free, by pool."),
    ("pilots_db_retries_total", "Transactions run again because they lost a race."),
    ("pilots_db_size_bytes", "Size of the database."),
    ("pilots_db_wal_bytes", "Size of SQLite's write-ahead log."),
    ("pilots_sessions_cached", "Sessions believed without asking the database."),
    ("pilots_session_lookups_total", "Sessions looked up, by where they were found."),
    ("pilots_limit_callers", "Callers that the rate limits remember, by limit."),
    ("pilots_task_depth", "What a background task has still to do."),
    ("pilots_task_lag_seconds", "How old the oldest thing is that a background task has still to do."),
    ("pilots_task_runs_total", "Runs of a background task, by outcome."),
    ("process_resident_memory_bytes", "Memory in use."),
    ("process_open_fds", "Open files and sockets."),
    ("process_threads", "Threads."),
    ("process_start_time_seconds", "When the process started, in seconds since the epoch."),
];

/// The registry. Clones share it.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    operations: HashMap<&'static str, OnceLock<OperationMetrics>>,
    refusals: HashMap<ErrorCode, OnceLock<Counter>>,
    started: Duration,
}

/// The handles of an operation.
struct OperationMetrics {
    answers: [Counter; 5],
    duration: Histogram,
}

/// What a background task tells of itself.
#[derive(Clone)]
pub struct TaskMetrics {
    /// What it has still to do.
    pub depth: Gauge,
    /// Seconds since the oldest of that came.
    pub lag: Gauge,
    done: Counter,
    failed: Counter,
}

impl TaskMetrics {
    /// Counts a run.
    pub fn ran(&self, well: bool) {
        if well { self.done.increment(1) } else { self.failed.increment(1) }
    }
}

fn key(name: &'static str, labels: &[(&'static str, &'static str)]) -> Key {
    let labels: Vec<Label> = labels.iter().map(|(name, value)| Label::from_static_parts(name, value)).collect();
    Key::from_parts(name, labels)
}

impl Metrics {
    /// For these operations on this engine.
    ///
    /// # Errors
    /// When the recorder does not accept our buckets: a fault of ours.
    pub fn new(operations: impl Iterator<Item = &'static str>, engine: Engine) -> Result<Self, AppError> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(BUCKETS)
            .map_err(AppError::internal)?
            .add_global_label("engine", engine.name())
            .build_recorder();
        for (name, description) in DESCRIPTIONS {
            let (name, description) = (KeyName::from_const_str(name), SharedString::const_str(description));
            recorder.describe_gauge(name, None, description);
        }
        let metrics = Self(Arc::new(Inner {
            handle: recorder.handle(),
            recorder,
            operations: operations.chain([UNMATCHED]).map(|id| (id, OnceLock::new())).collect(),
            refusals: ErrorCode::ALL.iter().map(|code| (*code, OnceLock::new())).collect(),
            started: process::started(),
        }));
        metrics.gauge("pilots_build_info", &[("version", env!("CARGO_PKG_VERSION"))]).set(1);
        Ok(metrics)
    }

    fn counter(&self, name: &'static str, labels: &[(&'static str, &'static str)]) -> Counter {
        self.0.recorder.register_counter(&key(name, labels), &METADATA)
    }

    fn gauge(&self, name: &'static str, labels: &[(&'static str, &'static str)]) -> Gauge {
        self.0.recorder.register_gauge(&key(name, labels), &METADATA)
    }

    fn histogram(&self, name: &'static str, labels: &[(&'static str, &'static str)]) -> Histogram {
        self.0.recorder.register_histogram(&key(name, labels), &METADATA)
    }

    /// Counts an answer. Series begin with the first answer of their operation.
    pub fn answered(&self, operation: Option<&'static str>, status: u16, duration: Duration) {
        let id = operation.unwrap_or(UNMATCHED);
        let Some((id, cell)) = self.0.operations.get_key_value(id) else { return };
        let handles = cell.get_or_init(|| OperationMetrics {
            answers: ["1xx", "2xx", "3xx", "4xx", "5xx"]
                .map(|class| self.counter("pilots_http_requests_total", &[("operation", id), ("status", class)])),
            duration: self.histogram("pilots_http_request_duration_seconds", &[("operation", id)]),
        });
        if let Some(answers) = usize::from(status / 100).checked_sub(1).and_then(|class| handles.answers.get(class)) {
            answers.increment(1);
        }
        handles.duration.record(duration.as_secs_f64());
    }

    /// Counts a refusal.
    pub fn refused(&self, code: ErrorCode) {
        if let Some(cell) = self.0.refusals.get(&code) {
            cell.get_or_init(|| self.counter("pilots_refusals_total", &[("code", code.as_str())])).increment(1);
        }
    }

    /// For the caches of sessions: found in memory, asked of the database.
    pub fn session_lookups(&self) -> [Counter; 2] {
        ["memory", "database"].map(|place| self.counter("pilots_session_lookups_total", &[("found_in", place)]))
    }

    /// For the two pools of the database: reading, writing.
    pub fn database(&self) -> [DbObserver; 2] {
        let retries = self.counter("pilots_db_retries_total", &[]);
        ["read", "write"].map(|pool| DbObserver {
            wait: self.histogram("pilots_db_wait_seconds", &[("pool", pool)]),
            work: self.histogram("pilots_db_work_seconds", &[("pool", pool)]),
            given_up: self.counter("pilots_db_waits_given_up_total", &[("pool", pool)]),
            retries: retries.clone(),
        })
    }

    /// For a background task: an outbox, a sealer, housekeeping. Ask once and keep it.
    pub fn task(&self, name: &'static str) -> TaskMetrics {
        let runs = |outcome| self.counter("pilots_task_runs_total", &[("task", name), ("outcome", outcome)]);
        TaskMetrics {
            depth: self.gauge("pilots_task_depth", &[("task", name)]),
            lag: self.gauge("pilots_task_lag_seconds", &[("task", name)]),
            done: runs("done"),
            failed: runs("failed"),
        }
    }

    /// Puts samples into their buckets for ever, so that they do not pile up while nobody reads.
    pub async fn keep_up(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.0.handle.run_upkeep();
        }
    }

    /// Everything in Prometheus' text form. `facts` are what the web side knows: name, labels, value.
    pub async fn render(&self, db: &Db, facts: Vec<Fact>) -> Result<String, AppError> {
        for fact in facts.into_iter().chain(db.pool_facts()) {
            self.gauge(fact.name, &fact.labels).set(fact.value);
        }
        let size = db.size().await;
        self.gauge("pilots_db_up", &[]).set(if size.is_some() { 1.0 } else { 0.0 });
        if let Some(size) = size {
            self.gauge("pilots_db_size_bytes", &[]).set(number(size.bytes));
            if let Some(wal) = size.wal_bytes {
                self.gauge("pilots_db_wal_bytes", &[]).set(number(wal));
            }
        }
        let metrics = self.clone();
        // Reads files under /proc and walks all series.
        tokio::task::spawn_blocking(move || {
            for (name, value) in process::figures() {
                metrics.gauge(name, &[]).set(number(value));
            }
            metrics.gauge("process_start_time_seconds", &[]).set(metrics.0.started.as_secs_f64());
            metrics.0.handle.render()
        })
        .await
        .map_err(AppError::internal)
    }
}

/// A figure that is asked for when metrics are read.
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its labels.
    pub labels: Vec<(&'static str, &'static str)>,
    /// Its value.
    pub value: f64,
}

impl Fact {
    /// From a whole number.
    pub fn new(name: &'static str, labels: Vec<(&'static str, &'static str)>, value: u64) -> Self {
        Self { name, labels, value: number(value) }
    }
}

/// A whole number as Prometheus has it; exact up to 2^53.
fn number(value: u64) -> f64 {
    let (high, low) = (u32::try_from(value >> 32).unwrap_or(0), u32::try_from(value & 0xffff_ffff).unwrap_or(0));
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_what_they_are() {
        for (value, expected) in
            [(0, 0.0), (42, 42.0), (1 << 40, 1_099_511_627_776.0), (5_000_000_001, 5_000_000_001.0)]
        {
            assert!((number(value) - expected).abs() < f64::EPSILON, "{value}");
        }
    }

    #[test]
    fn every_series_is_described() {
        let mut names: Vec<&str> = DESCRIPTIONS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DESCRIPTIONS.len());
    }
}
