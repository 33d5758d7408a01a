//! The PostgreSQL server of the tests: the one `TEST_POSTGRES_URL` names, or else one of our own, made from the
//! programs on this machine in a temporary folder and gone again after the tests, however they end.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

const OUR_USER: &str = "postgres";
const START_ATTEMPTS: usize = 5;

/// Durability is given away for speed: nothing in this server outlives the tests.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 300
shared_buffers = 128MB
fsync = off
full_page_writes = off
synchronous_commit = off
";

/// The keeper makes the cluster, starts it on each port it reads until one works, and takes all of it away when its
/// standard input ends. That comes when the test process is gone, by SIGKILL too, since the kernel closes the other end
/// of the pipe; looking at the pid instead could be misled by a zombie. Because one process does these steps in
/// turn, a test run killed during the first of them leaves nothing behind either. After each step it prints its status.
const KEEPER: &str = r#"
trap '' HUP INT TERM PIPE
folder=$1 programs=$2
shift 2
"$@" "$programs/initdb" -D "$folder/data" --locale=C.UTF-8 -E UTF8 -U postgres -A trust --no-sync \
    </dev/null >"$folder/log" 2>&1
echo $?
while read -r port; do
    rm -f "$folder/log"
    "$@" "$programs/pg_ctl" start -w -t 60 -D "$folder/data" -l "$folder/log" -o "-p $port" </dev/null >/dev/null
    echo $?
done
"$@" "$programs/pg_ctl" stop -D "$folder/data" -m immediate </dev/null >/dev/null
rm -rf "$folder"
"#;

/// A server on which the tests may create databases.
pub struct Server {
    admin_url: String,
    /// Held, because its pipe tells the keeper that the tests still run.
    _keeper: Option<Keeper>,
}

impl Server {
    /// The URL of an existing database, for `CREATE DATABASE` and `DROP DATABASE`.
    pub fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// The URL of `database` on this server, with the same user, password, host, port and query.
    pub fn url_of(&self, database: &str) -> String {
        with_database(&self.admin_url, database)
    }
}

/// The server of this test run, started at the first call; `None` if this machine has no PostgreSQL.
///
/// # Panics
/// If PostgreSQL is there but does not start, or if it is missing while `CI` or `REQUIRE_POSTGRES` is set.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Option<Server>, String>> = OnceLock::new();
    // A failure is kept as well, so that it costs one attempt and not one for each test.
    match SERVER.get_or_init(find_or_start) {
        Ok(server) => server.as_ref(),
        Err(reason) => panic!("{reason}"),
    }
}

fn find_or_start() -> Result<Option<Server>, String> {
    if let Some(url) = variable("TEST_POSTGRES_URL") {
        return given(url).map(Some);
    }
    match programs() {
        Some(programs) => start(&programs, "").map(Some),
        None if variable("CI").is_some() || variable("REQUIRE_POSTGRES").is_some() => {
            Err("CI or REQUIRE_POSTGRES asks for PostgreSQL and there is none: install its server programs (on Debian \
             `apt-get install postgresql`) or set TEST_POSTGRES_URL to a server whose role may create databases"
                .to_owned())
        }
        None => Ok(None),
    }
}

/// One more server, with little memory for what serializable transactions read, and gone when dropped; `None` if its
/// programs are not on this machine.
pub fn cramped() -> Option<Server> {
    let settings = "max_connections = 20\nmax_pred_locks_per_transaction = 10\n";
    programs().map(|programs| start(&programs, settings).unwrap())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn given(url: String) -> Result<Server, String> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(Server { admin_url: url, _keeper: None });
    }
    Err("TEST_POSTGRES_URL must look like postgres://user:password@host:port/database".to_owned())
}

fn with_database(url: &str, database: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{authority}/{database}{query}")
}

// --- Finding the programs -----------------------------------------------------------------------------------------

/// The first folder whose programs run: on the `PATH`, where `pg_config` says, or where Debian keeps them.
pub fn programs() -> Option<PathBuf> {
    on_path().into_iter().chain(told_by_pg_config()).chain(debian()).find(|folder| is_complete(folder))
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| {
        let mut command = Command::new(folder.join(name));
        output_of(command.arg("--version")).is_ok()
    })
}

fn on_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A link is followed, because the programs look for each other beside themselves.
    std::env::split_paths(&path)
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .filter_map(|program| program.parent().map(Path::to_path_buf))
        .collect()
}

fn told_by_pg_config() -> Option<PathBuf> {
    output_of(Command::new("pg_config").arg("--bindir")).ok().map(PathBuf::from)
}

fn debian() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut numbers: Vec<u32> = versions.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.iter().map(|number| PathBuf::from(format!("/usr/lib/postgresql/{number}/bin"))).collect()
}

// --- Starting a server --------------------------------------------------------------------------------------------

fn start(programs: &Path, settings: &str) -> Result<Server, String> {
    let mut keeper = Keeper::make_cluster(programs, settings)?;
    let port = keeper.start_on_a_free_port()?;
    let admin_url = format!("postgres://{OUR_USER}@127.0.0.1:{port}/postgres");
    Ok(Server { admin_url, _keeper: Some(keeper) })
}

/// The process that owns our server; see [`KEEPER`].
struct Keeper {
    folder: PathBuf,
    ports: ChildStdin,
    statuses: BufReader<ChildStdout>,
}

impl Keeper {
    fn make_cluster(programs: &Path, settings: &str) -> Result<Keeper, String> {
        let mut keeper = Keeper::spawn(programs)?;
        if !keeper.succeeded()? {
            return Err(format!("initdb failed:\n{}", keeper.log()));
        }
        let sockets = keeper.folder.display().to_string().replace('\'', "''");
        let settings = format!("{SETTINGS}{settings}unix_socket_directories = '{sockets}'\n");
        let file = OpenOptions::new().append(true).open(keeper.folder.join("data/postgresql.conf"));
        file.and_then(|mut file| file.write_all(settings.as_bytes())).map_err(text)?;
        Ok(keeper)
    }

    fn spawn(programs: &Path) -> Result<Keeper, String> {
        let (folder, become_user) = make_folder()?;
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "sh"]).arg(folder.path()).arg(programs).args(become_user);
        // The log is read below, so it must be in English; `/`, because `postgres` may not enter the tests' folder.
        command.env("LC_ALL", "C").current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // A Ctrl-C or a kill of the tests' group must not end the one who cleans up after them.
        let child = command.process_group(0).spawn().map_err(|error| format!("sh did not start: {error}"))?;
        let (Some(ports), Some(statuses)) = (child.stdin, child.stdout) else {
            return Err("the keeper of PostgreSQL has no pipes".to_owned());
        };
        // From here on the keeper removes the folder: a static is never dropped.
        Ok(Keeper { folder: folder.keep(), ports, statuses: BufReader::new(statuses) })
    }

    fn start_on_a_free_port(&mut self) -> Result<u16, String> {
        for _ in 0..START_ATTEMPTS {
            let port = free_port()?;
            writeln!(self.ports, "{port}").map_err(text)?;
            if self.succeeded()? {
                return Ok(port);
            }
            // Only a port that somebody took meanwhile is worth another try.
            if !self.log().contains("could not bind") {
                break;
            }
        }
        Err(format!("PostgreSQL did not start; its log:\n{}", self.log()))
    }

    /// Whether the step that the keeper is at ends well.
    fn succeeded(&mut self) -> Result<bool, String> {
        let mut status = String::new();
        self.statuses.read_line(&mut status).map_err(text)?;
        Ok(status.trim() == "0")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_else(|error| format!("no log: {error}"))
    }
}

/// A folder for the server and, if we are root, what makes a command run as the user `postgres`, whose folder it then
/// is: PostgreSQL refuses to run as root.
fn make_folder() -> Result<(TempDir, Vec<String>), String> {
    // `/tmp` as the second choice, because root's own TMPDIR may be closed to the user `postgres`.
    make_folder_in(&std::env::temp_dir()).or_else(|_| make_folder_in(Path::new("/tmp")))
}

fn make_folder_in(parent: &Path) -> Result<(TempDir, Vec<String>), String> {
    let folder = tempfile::Builder::new().prefix("pilots-pg-").tempdir_in(parent).map_err(text)?;
    // The owner of a file just made is who we are; std has no other safe way to ask.
    let is_root = fs::metadata(folder.path()).map_err(text)?.uid() == 0;
    if !is_root {
        return Ok((folder, Vec::new()));
    }
    let become_user = give_to_postgres(folder.path())?;
    let mut probe = Command::new("env");
    probe.args(&become_user).args(["test", "-w"]).arg(folder.path()).current_dir("/");
    output_of(&mut probe).map_err(|_| format!("{OUR_USER} cannot write in {}", folder.path().display()))?;
    Ok((folder, become_user))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(text)?;
    listener.local_addr().map(|address| address.port()).map_err(text)
}

/// Makes `folder` the user's and returns what to put before a command to run it as that user.
fn give_to_postgres(folder: &Path) -> Result<Vec<String>, String> {
    let id = |option| output_of(Command::new("id").args([option, OUR_USER]))?.parse::<u32>().map_err(text);
    let (user, group) = (id("-u")?, id("-g")?);
    chown(folder, Some(user), Some(group)).map_err(text)?;
    if output_of(Command::new("setpriv").arg("--version")).is_ok() {
        let arguments = format!("setpriv --reuid={user} --regid={group} --clear-groups --");
        return Ok(arguments.split(' ').map(str::to_owned).collect());
    }
    Ok(["runuser", "-u", OUR_USER, "--"].map(str::to_owned).to_vec())
}

/// What `command` printed, or why it failed.
fn output_of(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(format!("{program} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[test]
fn the_database_is_replaced_and_nothing_else() {
    let cases = [
        ("postgres://u:p%40@[::1]:5433/old?sslmode=disable", "postgres://u:p%40@[::1]:5433/new?sslmode=disable"),
        ("postgresql://u@host/old", "postgresql://u@host/new"),
        ("postgres://host:5432", "postgres://host:5432/new"),
        ("postgres:///old?host=/run/postgresql", "postgres:///new?host=/run/postgresql"),
    ];
    for (url, expected) in cases {
        assert_eq!(with_database(url, "new"), expected);
    }
}
