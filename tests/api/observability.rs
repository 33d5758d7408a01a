//! What operators see: metrics, the dashboard that shows them, the log, the traces.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use actix_web::{HttpServer, web};
use innovation_pilots::{app, features::system::MetricsAccess, platform::config::MetricsConfig};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{
    App, Engine,
    builders::*,
    database::Database,
    program::{self, Program},
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The application on one more socket, with these ways to the metrics.
fn with_access(app: &App, token: Option<&str>, local: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let config = MetricsConfig { listen: None, token: token.map(str::to_owned) };
    let access = web::Data::new(MetricsAccess::new(&config, local));
    let state = app.state.clone();
    let server = HttpServer::new(move || app::app(state.clone(), &[]).app_data(access.clone()))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
    actix_web::rt::spawn(server);
    base
}

async fn read(base: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = awc::Client::default().get(format!("{base}/metrics"));
    for (name, value) in headers {
        request = request.insert_header((*name, *value));
    }
    let mut answer = request.send().await.unwrap();
    let body = answer.body().limit(8 << 20).await.unwrap();
    (answer.status().as_u16(), String::from_utf8(body.to_vec()).unwrap())
}

/// The value of the series of this name that has all these labels.
fn value(text: &str, name: &str, labels: &[&str]) -> Option<f64> {
    text.lines()
        .filter(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])))
        .find(|line| labels.iter().all(|label| line.contains(label)))
        .and_then(|line| line.rsplit(' ').next())
        .map(|number| number.parse().unwrap())
}

/// Metrics after a little of everything.
async fn lively(app: &App) -> String {
    let owner = app.owner().await;
    let pilot = app.draft(&owner).await;
    owner.get(path(&pilot)).send().await.expect(200);
    owner.get("/v1/pilots/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e").send().await.refused(404, "not_found");
    owner.get("/v1/no-such-thing-at-all").send().await.refused(404, "not_found");
    app.state.metrics.task("housekeeping").ran(true);
    let (status, text) = read(&with_access(app, None, true), &[]).await;
    assert_eq!(status, 200, "{text}");
    text
}

on_both_engines! {
    async fn metrics_count_what_happens_and_name_no_paths(app: App) {
        let text = lively(&app).await;
        let engine = if app.engine == Engine::Sqlite { "engine=\"sqlite\"" } else { "engine=\"postgres\"" };
        let answers = |operation: &str, class: &str| {
            value(&text, "pilots_http_requests_total", &[operation, class, engine])
        };
        assert_eq!(answers("operation=\"create_pilot\"", "status=\"2xx\""), Some(1.0));
        assert_eq!(answers("operation=\"get_pilot\"", "status=\"2xx\""), Some(1.0));
        assert_eq!(answers("operation=\"get_pilot\"", "status=\"4xx\""), Some(1.0));
        assert_eq!(answers("operation=\"unmatched\"", "status=\"4xx\""), Some(1.0));
        assert_eq!(value(&text, "pilots_refusals_total", &["code=\"not_found\""]), Some(2.0));
        assert_eq!(value(&text, "pilots_http_request_duration_seconds_count", &["operation=\"create_pilot\""]), Some(1.0));
        assert!(value(&text, "pilots_http_request_duration_seconds_bucket", &["operation=\"create_pilot\"", "le=\"0.05\""]).is_some());
        assert_eq!(value(&text, "pilots_db_up", &[]), Some(1.0));
        assert_eq!(value(&text, "pilots_db_pool_connections", &["pool=\"read\"", "state=\"most\""]), Some(4.0));
        assert!(value(&text, "pilots_db_work_seconds_count", &["pool=\"write\""]).unwrap() >= 1.0);
        assert!(value(&text, "pilots_db_size_bytes", &[]).unwrap() > 10_000.0);
        assert_eq!(value(&text, "pilots_db_wal_bytes", &[]).is_some(), app.engine == Engine::Sqlite);
        assert!(value(&text, "pilots_session_lookups_total", &["found_in=\"database\""]).unwrap() >= 1.0);
        assert!(value(&text, "process_resident_memory_bytes", &[]).unwrap() > 1e6);
        assert!(value(&text, "pilots_limit_callers", &["limit=\"account\""]).is_some());
        assert_eq!(value(&text, "pilots_task_runs_total", &["task=\"housekeeping\"", "outcome=\"done\""]), Some(1.0));
        for secret in ["no-such-thing", "/v1/", "0192f0c1", "@"] {
            assert!(!text.contains(secret), "{secret} is in the metrics");
        }
    }

    async fn the_dashboard_and_the_alerts_ask_for_what_is_exported(app: App) {
        let text = lively(&app).await;
        let exported: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
        let dashboard: Value = serde_json::from_str(&fs::read_to_string(deploy.join("grafana/innovation-pilots.json")).unwrap()).unwrap();
        let mut asked = String::new();
        for panel in dashboard["panels"].as_array().unwrap() {
            for target in panel["targets"].as_array().into_iter().flatten() {
                asked.push_str(target["expr"].as_str().unwrap());
                asked.push('\n');
            }
        }
        assert!(asked.lines().count() >= 12, "the dashboard has hardly a panel");
        let alerts = fs::read_to_string(deploy.join("prometheus/alerts.yml")).unwrap();
        asked.extend(alerts.lines().filter(|line| line.trim_start().starts_with("expr:")));
        let mut missing = BTreeSet::new();
        for word in asked.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.starts_with("pilots_") || word.starts_with("process_") {
                let base = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word);
                // Engine of its own, and what has not happened yet.
                let elsewhere = base == "pilots_db_wal_bytes" && app.engine == Engine::Postgres;
                if !exported.contains(word) && !exported.contains(base) && !elsewhere {
                    missing.insert(word.to_owned());
                }
            }
        }
        assert!(missing.is_empty(), "not exported: {missing:?}\n{exported:?}");
    }

    async fn metrics_are_shown_to_nobody_unless_asked_for(app: App) {
        // As configured by default.
        app.anonymous().get("/metrics").send().await.refused(404, "not_found");
        let with_token = with_access(&app, Some("a long secret"), false);
        assert_eq!(read(&with_token, &[]).await.0, 404);
        assert_eq!(read(&with_token, &[("Authorization", "Bearer a long secre")]).await.0, 404);
        assert_eq!(read(&with_token, &[("Authorization", "Bearer a long secret")]).await.0, 200);
        // An empty token is none.
        assert_eq!(read(&with_access(&app, Some(""), false), &[("Authorization", "Bearer ")]).await.0, 404);
        let local = with_access(&app, None, true);
        assert_eq!(read(&local, &[]).await.0, 200);
        for header in ["X-Forwarded-For", "Via", "Forwarded"] {
            assert_eq!(read(&local, &[(header, "203.0.113.1")]).await.0, 404, "through a proxy");
        }
    }
}

/// A collector that answers everything with 200 and passes on what it was sent.
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let _ = take(stream).map(|export| sender.send(export));
        }
    });
    (endpoint, received)
}

/// One request: its head, its body.
fn take(mut stream: TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let split = loop {
        let length = stream.read(&mut chunk).ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&chunk[..length]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..split]).to_lowercase();
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length:"))?.trim().parse().ok()?;
    while bytes.len() < split + length {
        let read = stream.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()?;
    Some((head, bytes.split_off(split)))
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_trace_is_continued_exported_and_named_in_the_log() {
    actix_web::rt::System::new().block_on(async {
        let (folder, database) = (TempDir::new().unwrap(), Database::fresh(Engine::Sqlite).unwrap());
        let (endpoint, received) = collector();
        let settings = [
            ("PILOTS_TELEMETRY__OTLP_ENDPOINT", endpoint.as_str()),
            ("PILOTS_LOG__FORMAT", "json"),
            ("PILOTS_METRICS__LISTEN", "127.0.0.1:0"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ];
        let mut program = Program::start(folder.path(), &database.url, &settings).await;
        let token = "eyJhbGciOiJFZERTQSJ9.c2VjcmV0.c2ln";
        let stranger = program.anonymous();
        let traced = |request: crate::support::client::Request| {
            request
                .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))
                .header("X-Request-Id", "trace-me-1234")
        };
        traced(stranger.get("/v1/pilots?q=secretword")).send().await.expect(200);
        traced(stranger.with_token(token).get("/v1/me")).send().await.refused(401, "invalid_token");
        program.stop().await;

        let mut bodies = Vec::new();
        while let Ok((head, body)) = received.recv_timeout(Duration::from_secs(5)) {
            assert!(head.starts_with("post /v1/traces") && head.contains("application/x-protobuf"), "{head}");
            bodies.extend(body);
        }
        let trace: Vec<u8> =
            (0..TRACE.len()).step_by(2).map(|at| u8::from_str_radix(&TRACE[at..at + 2], 16).unwrap()).collect();
        assert!(contains(&bodies, &trace), "no span of the caller's trace in {} bytes", bodies.len());
        for part in ["list_pilots", "db.read", "/v1/pilots", "trace-me-1234", "innovation-pilots"] {
            assert!(contains(&bodies, part.as_bytes()), "{part} is not in the export");
        }
        for secret in ["secretword", "c2VjcmV0"] {
            assert!(!contains(&bodies, secret.as_bytes()), "{secret} is in the export");
        }

        let log = program.log();
        let line = log.lines().find(|line| line.contains("trace-me-1234") && line.contains("list_pilots"));
        let line: Value =
            serde_json::from_str(line.unwrap_or_else(|| panic!("no line of the request:\n{log}"))).unwrap();
        assert_eq!(
            (&line["operation"], &line["status"], &line["trace_id"]),
            (&"list_pilots".into(), &200.into(), &TRACE.into())
        );
        assert!(line["ms"].as_f64().unwrap() > 0.0, "{line}");
        assert_eq!((&line["method"], &line["address"]), (&"GET".into(), &"127.0.0.1".into()));
        assert!(!log.contains("secretword") && !log.contains(token), "the log tells secrets");
    });
}

#[test]
fn the_log_names_who_asked_and_never_their_token() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start(Engine::Sqlite).await.unwrap();
        let owner = app.owner().await;
        let me = owner.get("/v1/me").send().await.expect(200);
        let settings = [("PILOTS_LOG__FORMAT", "json"), ("PILOTS_AUTH__KEYS", "keys")];
        let folder = app.database.folder();
        let program = Program::start(&folder, &app.database.url, &settings).await;
        let login = serde_json::json!({"email": me["email"], "password": crate::support::people::PASSWORD});
        let tokens = program.anonymous().post("/v1/auth/login").json(login).send().await.expect(200);
        let token = tokens["access_token"].as_str().unwrap();
        program
            .anonymous()
            .with_token(token)
            .get("/v1/me")
            .header("X-Request-Id", "who-is-this-1")
            .send()
            .await
            .expect(200);
        let log = program.log();
        let line = log.lines().find(|line| line.contains("who-is-this-1")).unwrap();
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["operation"], &line["principal"]), (&"get_me".into(), &me["id"]));
        for secret in [token, tokens["refresh_token"].as_str().unwrap(), crate::support::people::PASSWORD] {
            assert!(!log.contains(secret), "the log tells secrets:\n{log}");
        }
        let listen = program.address().to_owned();
        let healthy =
            program::command(&folder, &["healthcheck"]).env("PILOTS_SERVER__LISTEN", &listen).output().unwrap();
        assert!(healthy.status.success(), "{}", program::printed(&healthy));
        drop(program);
        let dead = program::command(&folder, &["healthcheck"]).env("PILOTS_SERVER__LISTEN", &listen).output().unwrap();
        assert_eq!(dead.status.code(), Some(1));
    });
}
