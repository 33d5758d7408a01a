//! The program itself, as its operators run it: commands that end, and the server in a process of its own.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use super::Client;

const PATIENCE: Duration = Duration::from_secs(120);

/// The program with nothing of the machine's own configuration.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_innovation-pilots"));
    command.args(arguments).env_remove("DATABASE_URL").env_remove("DATABASE_READ_URL");
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// What it printed, and why it failed.
pub fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Where a server listens, by what it prints as it starts.
pub fn address_in(printed: &str) -> Option<String> {
    let (_, rest) = printed.split_once("API documentation: http://")?;
    rest.split_once("/docs/").map(|(address, _)| address.to_owned())
}

/// Numbers the files of the servers that share a folder.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A server, killed when dropped.
pub struct Program {
    child: Child,
    pub base: String,
    log: PathBuf,
}

impl Program {
    /// Starts it on a port that the system chooses, since one looked for beforehand may be another's by then, and
    /// waits until it is ready.
    pub async fn start(folder: &Path, database_url: &str, settings: &[(&str, &str)]) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let (printed, log) = (folder.join(format!("printed-{number}")), folder.join(format!("log-{number}")));
        let mut command = command(folder, &["serve", "--listen", "127.0.0.1:0", "--database-url", database_url]);
        let child = command
            .envs(settings.iter().copied())
            .stdout(File::create(&printed).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut program = Self { child, base: String::new(), log };
        let deadline = Instant::now() + PATIENCE;
        while !program.is_ready(&printed).await {
            if let Some(status) = program.child.try_wait().unwrap() {
                panic!("the program ended with {status}:\n{}", program.log());
            }
            assert!(Instant::now() < deadline, "not ready in time:\n{}", program.log());
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        program
    }

    async fn is_ready(&mut self, printed: &Path) -> bool {
        let Some(address) = address_in(&std::fs::read_to_string(printed).unwrap()) else { return false };
        self.base = format!("http://{address}");
        let client = awc::Client::builder().timeout(Duration::from_secs(5)).finish();
        client.get(format!("{}/readyz", self.base)).send().await.is_ok_and(|answer| answer.status() == 200)
    }

    /// Someone who is not logged in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    pub fn address(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    /// Everything it logged so far.
    pub fn log(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Asks it to stop and waits for its end.
    pub async fn stop(&mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0), "{}", self.log());
                return;
            }
            assert!(Instant::now() < deadline, "does not stop:\n{}", self.log());
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail where it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
