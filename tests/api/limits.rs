//! Rate limits, overload and slow senders, over HTTP.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use futures_util::future::join_all;
use innovation_pilots::platform::config::Config;
use serde_json::json;

use crate::support::{App, Client, Engine, Response, builders::*, people::PASSWORD};

/// The application with a changed configuration, on SQLite: what is tested here never comes to the database.
fn with(change: impl FnOnce(&mut Config), test: impl AsyncFnOnce(App)) {
    actix_web::rt::System::new().block_on(async {
        let app = App::start_with(Engine::Sqlite, change).await.unwrap();
        test(app).await;
    });
}

fn few(config: &mut Config) {
    config.limits.account_per_minute = 5;
    config.limits.address_per_minute = 3;
    config.limits.auth_per_minute = 2;
}

fn left(answer: &Response) -> &str {
    answer.header("ratelimit").unwrap()
}

#[test]
fn an_account_that_floods_is_told_when_to_come_back_and_others_notice_nothing() {
    with(few, async |app: App| {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        for remaining in (0..5).rev() {
            let answer = owner.get("/v1/me").send().await;
            answer.expect(200);
            assert_eq!(answer.header("ratelimit-policy"), Some("\"account\";q=5;w=60"));
            assert_eq!(left(&answer), format!("\"account\";r={remaining};t={}", (5 - remaining) * 12));
        }
        for request in [owner.get("/v1/me"), owner.post("/v1/pilots").json(content(&app)), owner.get("/v1/pilots/x")] {
            let answer = request.send().await;
            let problem = answer.refused(429, "rate_limited");
            assert_eq!((problem["status"].as_u64(), answer.header("retry-after")), (Some(429), Some("12")));
            assert_eq!(left(&answer), "\"account\";r=0;t=12");
        }
        let bangla = owner.get("/v1/me").bangla().send().await.refused(429, "rate_limited");
        assert_eq!(bangla["title"], "অতিরিক্ত অনুরোধ");
        stranger.get("/v1/me").send().await.expect(200);
        app.anonymous().get("/v1/pilots").send().await.expect(200);
        // A second session of the same person is the same account.
        app.renewed(&owner).await.get("/v1/me").send().await.refused(429, "rate_limited");
        app.advance(chrono::Duration::seconds(12));
        owner.get("/v1/me").send().await.expect(200);
        owner.get("/v1/me").send().await.refused(429, "rate_limited");
    });
}

#[test]
fn a_stranger_gets_no_new_share_by_headers_or_by_bad_tokens() {
    with(few, async |app: App| {
        let asked = |number: usize| {
            app.anonymous()
                .get("/v1/pilots")
                .header("X-Forwarded-For", format!("198.51.100.{number}"))
                .header("Forwarded", format!("for=198.51.100.{number}"))
        };
        asked(1).send().await.expect(200);
        let forged = app.anonymous().with_token("eyJhbGciOiJFZERTQSJ9.e30.c2ln").get("/v1/me").send().await;
        forged.refused(401, "invalid_token");
        assert_eq!(left(&forged), "\"address\";r=1;t=40");
        asked(3).send().await.expect(200);
        asked(4).send().await.refused(429, "rate_limited");
        app.anonymous().with_token("nonsense").get("/v1/me").send().await.refused(429, "rate_limited");
        // Whoever is logged in at the same address has a share of their own.
        app.owner().await.get("/v1/me").send().await.expect(200);
    });
}

#[test]
fn a_trusted_proxy_vouches_for_its_callers() {
    let behind_proxy = |config: &mut Config| {
        few(config);
        config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    with(behind_proxy, async |app: App| {
        let from = |address: &str| app.anonymous().get("/v1/pilots").header("X-Forwarded-For", address);
        for _ in 0..3 {
            from("2001:db8:1:2::7").send().await.expect(200);
        }
        from("2001:db8:1:2:aaaa::8").send().await.refused(429, "rate_limited");
        from("2001:db8:1:3::7").send().await.expect(200);
        // What the caller wrote itself stands before what our proxy added.
        from("203.0.113.5, 2001:db8:1:2::7").send().await.refused(429, "rate_limited");
    });
}

#[test]
fn logins_are_counted_more_strictly() {
    with(few, async |app: App| {
        let login =
            || app.anonymous().post("/v1/auth/login").json(json!({"email": "a@b.c", "password": PASSWORD})).send();
        let first = login().await;
        assert_eq!(first.header("ratelimit-policy"), Some("\"address\";q=3;w=60, \"auth\";q=2;w=60"));
        assert_eq!(left(&first), "\"address\";r=2;t=20, \"auth\";r=1;t=30");
        first.refused(401, "invalid_credentials");
        login().await.refused(401, "invalid_credentials");
        let refused = login().await;
        refused.refused(429, "rate_limited");
        assert_eq!(refused.header("retry-after"), Some("30"));
    });
}

#[test]
fn probes_are_not_counted_and_off_is_off() {
    with(few, async |app: App| {
        for _ in 0..20 {
            for probe in ["/healthz", "/readyz"] {
                let answer = app.anonymous().get(probe).send().await;
                answer.expect(200);
                assert_eq!(answer.header("ratelimit"), None);
            }
        }
    });
    let off = |config: &mut Config| {
        few(config);
        config.limits.enabled = false;
    };
    with(off, async |app: App| {
        for _ in 0..20 {
            let answer = app.anonymous().get("/v1/pilots").send().await;
            answer.expect(200);
            assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), (None, None));
        }
    });
}

on_both_engines! {
    async fn every_kind_of_answer_says_what_is_left(app: App) {
        let owner = app.owner().await;
        let created = owner.post("/v1/pilots").json(content(&app)).send().await;
        let pilot = created.expect(201);
        let answers = [
            created,
            owner.get(path(&pilot)).send().await,
            owner.get(path(&pilot)).header("If-None-Match", "\"1\"").send().await,
            owner.get("/v1/pilots?limit=1").send().await,
            owner.get("/v1/pilots?limit=0").send().await,
            owner.post("/v1/pilots").json(json!({})).send().await,
            owner.patch(path(&pilot)).merge(json!({})).send().await,
            app.anonymous().get("/v1/me").send().await,
            app.anonymous().get(path(&pilot)).send().await,
            owner.delete(path(&pilot)).if_match("*").send().await,
        ];
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [201, 200, 304, 200, 400, 422, 428, 401, 404, 204]);
        for answer in &answers {
            assert!(answer.header("ratelimit-policy").is_some() && answer.header("ratelimit").is_some(), "{}", answer.status);
        }
    }
}

/// Opens a connection that has sent the head of a request and a byte of its body, and then nothing.
fn slow_sender(app: &App, who: &Client) -> TcpStream {
    let mut stream = TcpStream::connect(app.base.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /v1/pilots HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{{",
        who.token()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
fn a_body_that_does_not_come_is_408() {
    with(
        |config| config.server.body_timeout_seconds = 1,
        async |app: App| {
            let owner = app.owner().await;
            let mut stream = slow_sender(&app, &owner);
            let answer = actix_web::rt::task::spawn_blocking(move || {
                let mut answer = vec![0; 4096];
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                let length = stream.read(&mut answer).unwrap();
                String::from_utf8_lossy(&answer[..length]).into_owned()
            })
            .await
            .unwrap();
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
            assert!(answer.contains("application/problem+json") && answer.contains("\"request_timeout\""), "{answer}");
        },
    );
}

#[test]
fn slow_senders_take_no_place_from_honest_callers() {
    let narrow = |config: &mut Config| {
        config.server.max_in_flight = 4;
        config.server.body_timeout_seconds = 60;
    };
    with(narrow, async |app: App| {
        let owner = app.owner().await;
        let slow: Vec<TcpStream> = (0..100).map(|_| slow_sender(&app, &owner)).collect();
        // All of them have arrived and been looked at.
        actix_web::rt::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(app.state.in_flight.now(), 0);
        let begun = std::time::Instant::now();
        for _ in 0..20 {
            owner.get("/v1/me").send().await.expect(200);
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        drop(slow);
        actix_web::rt::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(app.state.in_flight.now(), 0, "places are given back when a sender goes away");
    });
}

#[test]
fn more_than_can_be_served_is_503_at_once_while_the_probes_answer() {
    let narrow = |config: &mut Config| {
        config.server.max_in_flight = 2;
        config.database.connections = 1;
    };
    with(narrow, async |app: App| {
        let owner = app.owner().await;
        // Somebody holds the only reading connection; whoever comes to it waits.
        let (release, held) = std::sync::mpsc::channel::<()>();
        let db = app.state.db.clone();
        let holder = actix_web::rt::spawn(async move {
            db.read(move |_| {
                held.recv().unwrap();
                Ok(())
            })
            .await
        });
        let waiting: Vec<_> = (0..2).map(|_| actix_web::rt::spawn(owner.get("/v1/pilots").send())).collect();
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(app.state.in_flight.now(), 2);
        let begun = std::time::Instant::now();
        let refused = join_all((0..20).map(|_| owner.get("/v1/pilots").send())).await;
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        for answer in refused {
            let problem = answer.refused(503, "overloaded");
            assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"));
            assert_eq!(answer.header("retry-after"), Some("1"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        }
        let told =
            owner.get("/v1/pilots").header("Accept-Language", "bn").header("X-Request-Id", "mine-0001").send().await;
        let told = told.refused(503, "overloaded");
        assert_eq!(told["request_id"], "mine-0001");
        assert!(told["detail"].as_str().unwrap().contains("ধারণক্ষমতার"));
        // A page in a browser can read why only with the headers of its origin.
        let page = owner.get("/v1/pilots").header("Origin", "https://front.example").send().await;
        assert_eq!(page.refused(503, "overloaded")["status"], 503);
        assert_eq!(page.header("access-control-allow-origin"), Some("https://front.example"));
        app.anonymous().get("/healthz").send().await.expect(200);
        release.send(()).unwrap();
        holder.await.unwrap().unwrap();
        for answer in join_all(waiting).await {
            answer.unwrap().expect(200);
        }
        owner.get("/v1/pilots").send().await.expect(200);
        assert_eq!(app.state.in_flight.now(), 0);
    });
}
