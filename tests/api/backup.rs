//! A backup taken while others write is whole, and a program started on it serves what was acknowledged before.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::BigInt};
use innovation_pilots::platform::{audit::seal_due, clock::Clock};
use serde_json::json;

use crate::support::{
    App, Client, Engine,
    builders::*,
    database::Database,
    people::PASSWORD,
    postgres,
    program::{self, Program},
};

/// Writers that do not stop before they are told to, and what was acknowledged to them.
struct Writers {
    going: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<Vec<String>>>,
    tasks: Vec<actix_web::rt::task::JoinHandle<()>>,
}

impl Writers {
    fn start(app: &App, owner: &Client) -> Self {
        let (going, acknowledged) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let body = content(app);
        let tasks: Vec<_> = (0..6)
            .map(|writer| {
                let (going, acknowledged) = (Arc::clone(&going), Arc::clone(&acknowledged));
                let (owner, body) = (owner.clone(), body.clone());
                actix_web::rt::spawn(async move {
                    for number in 0.. {
                        if !going.load(Ordering::SeqCst) {
                            return;
                        }
                        let key = format!("writer-{writer}-{number}");
                        let pilot = owner.post("/v1/pilots").key(&key).json(body.clone()).send().await.expect(201);
                        acknowledged.lock().unwrap().push(pilot["id"].as_str().unwrap().to_owned());
                        act(&owner, &pilot, json!({"action": "submit"})).await;
                    }
                })
            })
            .collect();
        Self { going, acknowledged, tasks }
    }

    fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap().clone()
    }

    async fn wait_for(&self, many: usize) {
        while self.acknowledged.lock().unwrap().len() < many {
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends them and gives everything that was acknowledged.
    async fn stop(self) -> Vec<String> {
        self.going.store(false, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
        let acknowledged = self.acknowledged.lock().unwrap();
        acknowledged.clone()
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What there is nothing of in a database that has nothing by half: each is counted, and must be none.
const HALVES: &[&str] = &[
    "SELECT count(*) AS count FROM pilots WHERE id NOT IN (SELECT pilot_id FROM pilot_members)",
    "SELECT count(*) AS count FROM pilots WHERE id NOT IN (SELECT record_id FROM audit_entries WHERE operation = 'create_pilot')",
    "SELECT count(*) AS count FROM audit_entries WHERE operation = 'create_pilot' AND record_id NOT IN (SELECT id FROM pilots)",
    "SELECT count(*) AS count FROM pilots WHERE status <> 'draft' AND id NOT IN (SELECT pilot_id FROM pilot_transitions)",
    "SELECT count(*) AS count FROM pilots WHERE status = 'draft' AND id IN (SELECT pilot_id FROM pilot_transitions)",
    "SELECT count(*) AS count FROM pilots WHERE id NOT IN (SELECT pilot_id FROM pilot_words)",
    "SELECT count(*) AS count FROM (SELECT count(*) AS n FROM pilots) AS p, (SELECT count(*) AS n FROM idempotency_keys) AS k WHERE p.n <> k.n",
];

fn count(url: &str, statement: &str) -> i64 {
    let rows: Count = match url.strip_prefix("sqlite://") {
        Some(path) => diesel::sql_query(statement).get_result(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
        None => diesel::sql_query(statement).get_result(&mut PgConnection::establish(url).unwrap()).unwrap(),
    };
    rows.count
}

/// Nothing by half, everything that was acknowledged before, and a program that serves it.
async fn holds(folder: &Path, url: &str, keys: &Path, email: &str, before: &[String], after: &[String]) {
    for statement in HALVES {
        assert_eq!(count(url, statement), 0, "{statement}");
    }
    let program = Program::start(folder, url, &[("PILOTS_AUTH__KEYS", keys.to_str().unwrap())]).await;
    let login = json!({"email": email, "password": PASSWORD});
    let tokens = program.anonymous().post("/v1/auth/login").json(login).send().await.expect(200);
    let owner = program.anonymous().with_token(tokens["access_token"].as_str().unwrap());
    for id in before {
        let pilot = owner.get(format!("/v1/pilots/{id}")).send().await.expect(200);
        assert_eq!(pilot["title"]["en"], "Animal Health Camp");
    }
    let mut there = BTreeSet::new();
    let mut next = "/v1/pilots?limit=200".to_owned();
    loop {
        let page = owner.get(&next).send().await.expect(200);
        there.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("/v1/pilots?limit=200&cursor={cursor}"),
            None => break,
        }
    }
    assert!(before.iter().all(|id| there.contains(id)));
    let output = program::run(folder, &["audit", "verify", "--database-url", url]);
    assert!(output.status.success(), "{}", program::printed(&output));
    // What came during the backup may be in it or not; what came later is not.
    assert!(there.len() < after.len(), "the backup ended after the writers did: it proves nothing");
    let found = owner.get("/v1/pilots?q=Camp&limit=1&include_total=true").send().await.expect(200);
    assert_eq!(found["total"]["value"].as_u64(), u64::try_from(there.len()).ok());
}

#[test]
fn a_sqlite_backup_under_load_is_whole_and_serves() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start(Engine::Sqlite).await.unwrap();
        let owner = app.owner().await;
        let folder = app.database.folder();
        let writers = Writers::start(&app, &owner.client);
        writers.wait_for(30).await;
        let before = writers.acknowledged();
        let url = app.database.url.clone();
        let target = folder.clone();
        let output =
            web_block(move || program::run(&target, &["backup", "copy.sqlite3", "--database-url", &url])).await;
        assert!(output.status.success(), "{}", program::printed(&output));
        writers.wait_for(writers.acknowledged().len() + 20).await;
        let after = writers.stop().await;

        let copy = folder.join("copy.sqlite3");
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!folder.join("copy.sqlite3.partial").exists());
        let fresh = tempfile::TempDir::new().unwrap();
        let place = format!("sqlite://{}/data/pilots.sqlite3", fresh.path().display());
        let restored = program::run(fresh.path(), &["restore", copy.to_str().unwrap(), "--database-url", &place]);
        assert!(restored.status.success(), "{}", program::printed(&restored));
        // A session that may have been ended since does not live again.
        assert_eq!(count(&place, "SELECT count(*) AS count FROM sessions WHERE revoked_at IS NULL"), 0);
        holds(fresh.path(), &place, &folder.join("keys"), &owner.email, &before, &after).await;
    });
}

#[test]
fn a_postgres_dump_under_load_is_whole_and_serves() {
    actix_web::rt::System::new().block_on(async {
        let Some(programs) = postgres::programs().filter(|folder| folder.join("pg_dump").exists()) else { return };
        let Some(app) = App::start(Engine::Postgres).await else { return };
        let owner = app.owner().await;
        let folder = app.database.folder();
        let writers = Writers::start(&app, &owner.client);
        writers.wait_for(30).await;
        let before = writers.acknowledged();
        let (dump, source) = (folder.join("pilots.dump"), app.database.url.clone());
        let run = move |program: &str, arguments: Vec<String>| {
            let mut command = Command::new(programs.join(program));
            command.args(arguments);
            web_block(move || command.output().unwrap())
        };
        // As README.md says it.
        let text = dump.to_str().unwrap().to_owned();
        let dumped = run("pg_dump", vec!["--format=custom".into(), format!("--file={text}"), source]).await;
        assert!(dumped.status.success(), "{}", program::printed(&dumped));
        writers.wait_for(writers.acknowledged().len() + 20).await;
        let after = writers.stop().await;

        let fresh = Database::empty(Engine::Postgres).unwrap();
        let restore = vec![
            "--exit-on-error".into(),
            "--no-owner".into(),
            "--single-transaction".into(),
            format!("--dbname={}", fresh.url),
            text,
        ];
        let restored = run("pg_restore", restore).await;
        assert!(restored.status.success(), "{}", program::printed(&restored));
        holds(&fresh.folder(), &fresh.url, &folder.join("keys"), &owner.email, &before, &after).await;
    });
}

async fn web_block<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    actix_web::rt::task::spawn_blocking(work).await.unwrap()
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], why: &str) {
    let output = program::run(folder, arguments);
    let printed = program::printed(&output);
    assert!(!output.status.success() && printed.contains(why), "{arguments:?} should say {why}: {printed}");
}

#[test]
fn nothing_is_overwritten_or_pulled_away_and_what_is_unsound_is_refused() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start(Engine::Sqlite).await.unwrap();
        let (folder, url) = (app.database.folder(), app.database.url.clone());
        let run = |arguments: &[&str]| program::run(&folder, arguments);
        let (backup, restore) =
            (["backup", "copy", "--database-url", &url], ["restore", "copy", "--database-url", &url]);
        assert!(run(&backup).status.success());
        let first = fs::read(folder.join("copy")).unwrap();
        refused(&folder, &backup, "never overwrites");
        assert_eq!(fs::read(folder.join("copy")).unwrap(), first);
        refused(&folder, &["backup", "x", "--database-url", "sqlite://./nothing"], "is not there");
        assert!(!folder.join("nothing").exists() && !folder.join("x").exists());
        refused(&folder, &["backup", "x", "--database-url", "postgres://u@h/d"], "pg_dump");
        refused(&folder, &["restore", "copy", "--database-url", "postgres://u@h/d"], "pg_restore");
        // The application of this test has the database open.
        refused(&folder, &restore, "in use");

        let place = format!("sqlite://{}", folder.join("other.sqlite3").display());
        let into = |file: &'static str| ["restore", file, "--database-url", &place];
        refused(&folder, &into("missing"), "is not there");
        fs::write(folder.join("nonsense"), b"this is no database at all, but long enough to be looked at").unwrap();
        refused(&folder, &into("nonsense"), "nonsense is no sound database");
        fs::write(folder.join("torn"), &first[..first.len() / 2]).unwrap();
        refused(&folder, &into("torn"), "");
        let mut foreign = SqliteConnection::establish(folder.join("foreign").to_str().unwrap()).unwrap();
        diesel::sql_query("CREATE TABLE t (x)").execute(&mut foreign).unwrap();
        drop(foreign);
        refused(&folder, &into("foreign"), "foreign is no database of this program");
        fs::copy(folder.join("copy"), folder.join("newer")).unwrap();
        let mut newer = SqliteConnection::establish(folder.join("newer").to_str().unwrap()).unwrap();
        diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
            .execute(&mut newer)
            .unwrap();
        drop(newer);
        refused(&folder, &into("newer"), "newer program");
        assert!(!folder.join("other.sqlite3").exists() && !folder.join("other.sqlite3.restoring.sqlite3").exists());

        // Put back over a database of its own, which is kept.
        assert!(run(&into("copy")).status.success());
        let again = run(&into("copy"));
        assert!(again.status.success(), "{}", program::printed(&again));
        let kept: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("other.sqlite3.before-restore-"))
            .collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        let former = format!("sqlite://{}", folder.join(&kept[0]).display());
        assert_eq!(count(&former, "SELECT count(*) AS count FROM organisations WHERE name_en = 'a2i'"), 1);

        // Another program that has the file open, without our lock, is noticed too.
        let mut other = SqliteConnection::establish(folder.join("other.sqlite3").to_str().unwrap()).unwrap();
        diesel::sql_query("PRAGMA journal_mode = WAL").execute(&mut other).ok();
        diesel::sql_query("BEGIN IMMEDIATE").execute(&mut other).unwrap();
        refused(&folder, &into("copy"), "in use");
    });
}

/// What was revoked, changed or used up after the backup does not come back with it, or is named.
#[test]
fn a_restore_ends_what_lets_people_in_and_names_what_it_cannot_judge() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start(Engine::Sqlite).await.unwrap();
        // The command looks at the machine's clock.
        app.state.clock.set(Clock::system().now());
        let ends_on = app.state.clock.now().day_in_dhaka() + chrono::Days::new(30);
        let (owner, left, admin) = (app.owner().await, app.stranger().await, app.admin().await);
        let account = json!({"name": "Portal", "scopes": ["pilots:read"], "ends_on": ends_on});
        let account = owner.post("/v1/service-accounts").json(account).send().await.expect(201);
        let place = format!("/v1/service-accounts/{}", account["id"].as_str().unwrap());
        let key = json!({"expires_on": ends_on, "password": PASSWORD});
        let key = owner.post(format!("{place}/keys")).json(key).send().await.expect(201);
        let hook = json!({"url": "https://8.8.8.8/hook"});
        let hook = owner.post("/v1/webhook-endpoints").json(hook).send().await.expect(201);
        let asked = json!({"email": owner.email});
        app.anonymous().post("/v1/auth/password-resets").json(asked.clone()).send().await.expect(202);
        app.letters().await;
        app.anonymous().post("/v1/auth/password-resets").json(asked).send().await.expect(202);
        seal_due(&app.state).await.unwrap();

        let (folder, url) = (app.database.folder(), app.database.url.clone());
        let copy = folder.join("copy");
        let copy = copy.to_str().unwrap();
        assert!(program::run(&folder, &["backup", copy, "--database-url", &url]).status.success());

        // All this happens after the backup.
        owner.delete(format!("{place}/keys/{}", key["id"].as_str().unwrap())).if_match("*").send().await.expect(204);
        let disable = json!({"action": "disable", "reason": "Left."});
        admin.post(format!("/v1/users/{}/transitions", left.id)).if_match("*").json(disable).send().await.expect(200);
        admin.delete(format!("/v1/users/{}/roles/innovator", owner.id)).if_match("*").send().await.expect(204);
        app.advance(chrono::Duration::seconds(1));
        let changed = json!({"current_password": PASSWORD, "new_password": "seven boats carry mangoes north"});
        owner.post("/v1/me/password").json(changed).send().await.expect(204);

        // The database as it is now becomes the former one of a place of its own; that of the test stays open.
        let fresh = tempfile::TempDir::new().unwrap();
        let place = fresh.path().join("pilots.sqlite3");
        let now = folder.join("now");
        assert!(program::run(&folder, &["backup", now.to_str().unwrap(), "--database-url", &url]).status.success());
        fs::copy(&now, &place).unwrap();
        let place = format!("sqlite://{}", place.display());
        let restored = program::run(fresh.path(), &["restore", copy, "--database-url", &place]);
        let printed = program::printed(&restored);
        assert!(restored.status.success(), "{printed}");
        assert!(printed.starts_with(&format!("{copy} is restored as {place}")), "{printed}");
        for part in [
            "API keys: 1 ended".to_owned(),
            format!("{}… of \"Portal\", {}", key["prefix"].as_str().unwrap(), owner.email),
            format!("{}, {}", hook["id"].as_str().unwrap(), owner.email),
            format!("{}: was disabled since the backup, and is disabled", left.email),
            format!("{}: has the password of before it was changed", owner.email),
            format!("{}: has the role innovator again", owner.email),
            "Letters with a code: 2 void".to_owned(),
            "The former database is kept as".to_owned(),
        ] {
            assert!(printed.contains(&part), "{part} is not in:\n{printed}");
        }
        for nothing in [
            "SELECT count(*) AS count FROM sessions WHERE revoked_at IS NULL",
            "SELECT count(*) AS count FROM api_keys WHERE revoked_at IS NULL",
            "SELECT count(*) AS count FROM webhook_endpoints WHERE status = 'active'",
            "SELECT count(*) AS count FROM account_letters WHERE token_sha256 IS NOT NULL",
            "SELECT count(*) AS count FROM outbox_messages WHERE topic = 'account_letters' AND status = 'pending'",
        ] {
            assert_eq!(count(&place, nothing), 0, "{nothing}");
        }
        let disabled = format!("SELECT count(*) AS count FROM users WHERE id = '{}' AND status = 'disabled'", left.id);
        assert_eq!(count(&place, &disabled), 1);
        let said = "SELECT count(*) AS count FROM audit_entries WHERE operation = 'restore'";
        assert_eq!(count(&place, said), 2, "the database, and who was disabled");
        let keys = folder.join("keys");
        let program = Program::start(fresh.path(), &place, &[("PILOTS_AUTH__KEYS", keys.to_str().unwrap())]).await;
        let revived = program.anonymous().with_token(key["key"].as_str().unwrap());
        revived.get("/v1/pilots").send().await.refused(401, "invalid_api_key");
        let login = json!({"email": left.email, "password": PASSWORD});
        program.anonymous().post("/v1/auth/login").json(login).send().await.refused(401, "invalid_credentials");
        drop(program);

        // Without a former database that is said; without sessions to end, too.
        let elsewhere = tempfile::TempDir::new().unwrap();
        let place = format!("sqlite://{}", elsewhere.path().join("pilots.sqlite3").display());
        let restored = program::run(elsewhere.path(), &["restore", copy, "--keep-sessions", "--database-url", &place]);
        let printed = program::printed(&restored);
        assert!(restored.status.success() && printed.contains("no former database to compare"), "{printed}");
        assert!(printed.contains("Sessions go on"), "{printed}");
        assert!(count(&place, "SELECT count(*) AS count FROM sessions WHERE revoked_at IS NULL") > 0);
        assert_eq!(count(&place, "SELECT count(*) AS count FROM api_keys WHERE revoked_at IS NULL"), 0);
        let left: Vec<String> = fs::read_dir(elsewhere.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains("restoring"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    });
}

#[test]
fn a_copy_whose_audit_trail_is_broken_is_refused_unless_one_says_so() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start(Engine::Sqlite).await.unwrap();
        let owner = app.owner().await;
        app.draft(&owner).await;
        seal_due(&app.state).await.unwrap();
        let (folder, url) = (app.database.folder(), app.database.url.clone());
        assert!(program::run(&folder, &["backup", "copy", "--database-url", &url]).status.success());
        let mut forged = SqliteConnection::establish(folder.join("copy").to_str().unwrap()).unwrap();
        for statement in [
            "DROP TRIGGER audit_entries_no_update",
            "UPDATE audit_entries SET operation = 'delete_pilot' WHERE operation = 'create_pilot'",
        ] {
            diesel::sql_query(statement).execute(&mut forged).unwrap();
        }
        drop(forged);
        let place = format!("sqlite://{}", folder.join("other.sqlite3").display());
        let restore = ["restore", "copy", "--database-url", &place];
        refused(&folder, &restore, "copy: its audit trail is broken");
        refused(&folder, &restore, "--accept-broken-audit-trail");
        assert!(!folder.join("other.sqlite3").exists() && !folder.join("other.sqlite3.restoring.sqlite3").exists());
        let said = ["restore", "copy", "--accept-broken-audit-trail", "--database-url", &place];
        let restored = program::run(&folder, &said);
        let printed = program::printed(&restored);
        assert!(restored.status.success() && printed.contains("It is restored all the same"), "{printed}");
    });
}
