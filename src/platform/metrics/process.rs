//! What Linux tells of this process. On other systems these figures are left out.

use std::{
    fs,
    time::{Duration, SystemTime},
};

/// Memory, open files, threads.
pub(super) fn figures() -> Vec<(&'static str, u64)> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').split_whitespace().next()?.parse().ok()
    };
    let open = fs::read_dir("/proc/self/fd").ok().map(|entries| u64::try_from(entries.count()).unwrap_or(0));
    [
        ("process_resident_memory_bytes", field("VmRSS").map(|kilobytes| kilobytes * 1024)),
        ("process_threads", field("Threads")),
        ("process_open_fds", open),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| (name, value)))
    .collect()
}

/// When the process started, near enough: when this was first asked for. Since the epoch.
pub(super) fn started() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}
