//! The tour of the README, as a reader would paste it, against the real program with its demo data.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::support::{Engine, database::Database, program::address_in};

/// The last account that the program names when the demo data is loaded.
const LAST_ACCOUNT: &str = "auditor@demo.innovation.gov.bd";

const PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn ends_with_a_completed_pilot_on_sqlite() {
    walk(Engine::Sqlite);
}

#[test]
fn ends_with_a_completed_pilot_on_postgres() {
    walk(Engine::Postgres);
}

fn walk(engine: Engine) {
    let Some(database) = Database::empty(engine) else { return };
    let mut program = Program::start(&database.url);
    program.wait_until_ready();
    let script = blocks(&fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap());
    assert!(!script.is_empty(), "README.md has no tour between its markers");
    // Twice, as a reader does who liked it: nothing of the first time stands in the way.
    for time in ["first", "second"] {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .env("API", format!("http://{}", program.address))
            // A proxy of the machine is not for us.
            .env("NO_PROXY", "*")
            .current_dir(program.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the {time} tour ends early:\n{printed}\n{complaints}\n{}", program.log());
        assert_eq!(printed.lines().last(), Some("completed"), "the {time} tour:\n{printed}\n{complaints}");
    }
    program.stop();
    if engine == Engine::Sqlite {
        let wal = fs::metadata(database.folder().join("pilots.sqlite3-wal"));
        assert!(wal.is_err() || wal.is_ok_and(|file| file.len() == 0), "the write-ahead log was not folded in");
    }
}

/// The sh blocks between the markers, one after the other.
fn blocks(readme: &str) -> String {
    let tour =
        readme.split("<!-- tour -->").nth(1).unwrap_or_default().split("<!-- /tour -->").next().unwrap_or_default();
    tour.split("```sh\n").skip(1).filter_map(|block| block.split("```").next()).collect()
}

/// The server in a folder of its own, killed when dropped.
struct Program {
    child: Child,
    address: String,
    folder: TempDir,
    printed: Receiver<String>,
}

impl Program {
    fn start(database_url: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_innovation-pilots"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--database-url", database_url])
            .env_remove("DATABASE_READ_URL")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, printed) = mpsc::channel();
        // Goes on reading to the end, so that the program never waits for its reader.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        Self { child, address: String::new(), folder, printed }
    }

    /// Until requests are welcome and the accounts are there.
    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        self.address = self.wait_for_line(deadline, "where it listens", address_in);
        while !self.is_ready() {
            self.check_alive();
            assert!(Instant::now() < deadline, "not ready in time:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        self.wait_for_line(deadline, "the demo accounts", |line| line.contains(LAST_ACCOUNT).then_some(()));
    }

    fn wait_for_line<T>(&self, deadline: Instant, what: &str, wanted: impl Fn(&str) -> Option<T>) -> T {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.printed.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return found;
                    }
                }
                Err(error) => panic!("{what} was not printed ({error}):\n{}", self.log()),
            }
        }
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn check_alive(&mut self) {
        if let Some(status) = self.child.try_wait().unwrap() {
            panic!("the program ended with {status}:\n{}", self.log());
        }
    }

    fn stop(&mut self) {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("bash").args(["-c", &kill]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0), "{}", self.log());
                return;
            }
            assert!(Instant::now() < deadline, "does not stop:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The end of what it logged.
    fn log(&self) -> String {
        let text = read_lossy(&self.folder.path().join("log"));
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail where it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_lossy(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
