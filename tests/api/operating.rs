//! What operators meet: the address in letters, the log, the modes of files.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{App, Engine, database::Database, people::PASSWORD, program::Program};

/// The first letter in a folder, once it is there.
async fn first_letter(folder: &Path) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let mut letters = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        if let Some(letter) = letters.find(|path| path.extension().is_some_and(|it| it == "eml")) {
            return fs::read_to_string(letter).unwrap();
        }
        assert!(Instant::now() < deadline, "no letter came");
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lets somebody register, and gives the program and the letter that they got.
async fn letter_of_a_newcomer(folder: &Path, database: &Database, settings: &[(&str, &str)]) -> (Program, String) {
    let program = Program::start(folder, &database.url, settings).await;
    let newcomer = json!({"email": "rahima@dls.gov.bd", "name": {"en": "Rahima"}, "language": "en"});
    program.anonymous().post("/v1/auth/registrations").json(newcomer).send().await.expect(202);
    let letter = first_letter(&folder.join("data/mail")).await;
    // As it is sent: long lines are folded.
    (program, letter.replace("=\r\n", "").replace("=\n", "").replace("=3D", "="))
}

fn letters_link_to_where_the_server_is(engine: Engine) {
    actix_web::rt::System::new().block_on(async {
        let Some(database) = Database::fresh(engine) else { return };
        let folder = TempDir::new().unwrap();
        let (program, letter) = letter_of_a_newcomer(folder.path(), &database, &[]).await;
        assert!(letter.contains(&format!("http://{}/", program.address())), "{}: {letter}", program.address());
        drop(program);
        let database = Database::fresh(engine).unwrap();
        let folder = TempDir::new().unwrap();
        let settings = [("PILOTS_SERVER__PUBLIC_URL", "https://pilots.gov.bd/")];
        let (_program, letter) = letter_of_a_newcomer(folder.path(), &database, &settings).await;
        assert!(letter.contains("https://pilots.gov.bd/") && !letter.contains("http://127"), "{letter}");
    });
}

#[test]
fn letters_link_to_where_the_server_is_on_sqlite() {
    letters_link_to_where_the_server_is(Engine::Sqlite);
}

#[test]
fn letters_link_to_where_the_server_is_on_postgres() {
    letters_link_to_where_the_server_is(Engine::Postgres);
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn assert_private(file: &Path) {
    let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "{} has mode {mode:o}", file.display());
}

#[test]
fn the_database_and_its_log_are_for_nobody_else() {
    actix_web::rt::System::new().block_on(async {
        let folder = TempDir::new().unwrap();
        // The folder is there and open to all, so it protects nothing.
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).unwrap();
        let settings = [("PILOTS_AUTH__KEYS", "keys")];
        let program = Program::start(folder.path(), "sqlite://./data/pilots.sqlite3", &settings).await;
        let newcomer = json!({"email": "rahima@dls.gov.bd", "name": {"en": "Rahima"}, "language": "en"});
        program.anonymous().post("/v1/auth/registrations").json(newcomer).send().await.expect(202);
        first_letter(&data.join("mail")).await;
        let found = files(&data);
        for name in ["pilots.sqlite3", "pilots.sqlite3-wal", "pilots.sqlite3-shm", "pilots.lock"] {
            assert!(found.contains(&data.join(name)), "{name} is not in {found:?}");
        }
        found.iter().for_each(|file| assert_private(file));
    });
}

on_both_engines! {
    async fn attachments_are_for_nobody_else(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let id = pilot["id"].as_str().unwrap();
        for size in [100_usize, 6 << 20] {
            let text = vec![b'a'; size];
            let upload = owner.post(format!("/v1/attachments?parent_kind=pilot&parent_id={id}"));
            upload.form("notes.txt", "text/plain", &text).send().await.expect(201);
        }
        let stored = files(&app.config.files.folder);
        assert_eq!(stored.len(), 2, "{stored:?}");
        stored.iter().for_each(|file| assert_private(file));
    }
}

#[test]
fn a_webhook_that_fails_is_no_error_of_ours_and_the_log_in_a_file_has_no_colours() {
    actix_web::rt::System::new().block_on(async {
        for format in ["text", "json"] {
            // Its own database: on a slow machine the second program would try what the first one had put off.
            let app = App::start(Engine::Sqlite).await.unwrap();
            let me = app.owner().await.get("/v1/me").send().await.expect(200);
            let folder = app.database.folder();
            let settings = [
                ("PILOTS_LOG__FORMAT", format),
                ("PILOTS_AUTH__KEYS", "keys"),
                ("PILOTS_WEBHOOKS__TEST_NETWORKS", "127.0.0.3/32"),
            ];
            let program = Program::start(&folder, &app.database.url, &settings).await;
            let login = json!({"email": me["email"], "password": PASSWORD});
            let tokens = program.anonymous().post("/v1/auth/login").json(login).send().await.expect(200);
            let owner = program.anonymous().with_token(tokens["access_token"].as_str().unwrap());
            // Nobody listens there.
            let endpoint = json!({"url": "http://127.0.0.3:9/pilots"});
            let endpoint = owner.post("/v1/webhook-endpoints").json(endpoint).send().await.expect(201);
            let tests = format!("/v1/webhook-endpoints/{}/tests", endpoint["id"].as_str().unwrap());
            owner.post(tests).send().await.expect(201);
            // And what is no HTTP at all.
            let mut stream = TcpStream::connect(program.address()).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nBad\x01Header: y\r\n\r\n").unwrap();
            let _ = stream.read(&mut [0; 64]);
            let deadline = Instant::now() + Duration::from_secs(30);
            while !program.log().contains("not sent, later again") {
                assert!(Instant::now() < deadline, "no word of the delivery:\n{}", program.log());
                actix_web::rt::time::sleep(Duration::from_millis(50)).await;
            }
            let log = program.log();
            assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
            assert!(!log.contains('\u{1b}'), "colours in a file:\n{log}");
            let line = log.lines().find(|line| line.contains("not sent, later again")).unwrap();
            if format == "json" {
                let line: Value = serde_json::from_str(line).unwrap();
                assert_eq!((&line["level"], &line["topic"]), (&"INFO".into(), &"webhook".into()), "{line}");
                assert_eq!(
                    (&line["message"], &line["attempt"]),
                    (&"not sent, later again".into(), &1.into()),
                    "{line}"
                );
                assert!(line["message_id"].as_str().is_some_and(|id| id.len() == 36), "{line}");
            } else {
                assert!(line.contains("message_id=") && line.contains("topic=\"webhook\""), "{line}");
            }
        }
    });
}
