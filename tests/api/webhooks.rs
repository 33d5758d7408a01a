//! Webhooks: signed, bounded by what their owner sees, tried for days, and never let into a network of ours.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use futures_util::{FutureExt, future::BoxFuture};
use innovation_pilots::{
    features::webhooks::fan_out,
    platform::{
        audit::seal_due,
        clock::Clock,
        outbound::{Lookup, Outbound},
        outbox::run_once,
        web::AppState,
    },
};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    App, Client,
    builders::*,
    client::findings,
    people::{PASSWORD, Person},
};

/// How a receiver answers.
#[derive(Clone, PartialEq)]
enum Mood {
    Status(u16),
    RedirectTo(String),
    Silent,
    Endless,
}

/// A receiver on an address that the tests' configuration lets through.
struct Receiver {
    url: String,
    mood: Arc<Mutex<Mood>>,
    got: Arc<Mutex<Vec<(reqwest::header::HeaderMap, String)>>>,
    connections: Arc<AtomicUsize>,
}

impl Receiver {
    async fn start(address: &str) -> Self {
        let listener = TcpListener::bind((address, 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self {
            url,
            mood: Arc::new(Mutex::new(Mood::Status(204))),
            got: Arc::default(),
            connections: Arc::default(),
        };
        let (mood, got, connections) = (receiver.mood.clone(), receiver.got.clone(), receiver.connections.clone());
        actix_web::rt::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (mood, got) = (mood.clone(), got.clone());
                actix_web::rt::spawn(async move {
                    let mut bytes = Vec::new();
                    let (head, body) = loop {
                        let mut chunk = [0; 4096];
                        let count = socket.read(&mut chunk).await.unwrap_or(0);
                        if count == 0 {
                            return;
                        }
                        bytes.extend_from_slice(&chunk[..count]);
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                        let length = head
                            .lines()
                            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned))
                            .map_or(0, |length| length.parse::<usize>().unwrap());
                        if body.len() >= length {
                            break (head.to_owned(), body.to_owned());
                        }
                    };
                    let mut headers = reqwest::header::HeaderMap::new();
                    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
                        let name: reqwest::header::HeaderName = name.to_lowercase().parse().unwrap();
                        headers.insert(name, value.parse().unwrap());
                    }
                    got.lock().unwrap().push((headers, body));
                    let mood = mood.lock().unwrap().clone();
                    let answer = match &mood {
                        Mood::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nhm"),
                        Mood::RedirectTo(to) => {
                            format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
                        }
                        Mood::Silent => return tokio::time::sleep(std::time::Duration::from_secs(60)).await,
                        Mood::Endless => "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
                    };
                    let answer =
                        if matches!(mood, Mood::Status(204)) { "HTTP/1.1 204 X\r\n\r\n".into() } else { answer };
                    let mut open = socket.write_all(answer.as_bytes()).await.is_ok();
                    while open && mood == Mood::Endless {
                        open = socket.write_all(b"5\r\nmore \r\n").await.is_ok();
                    }
                });
            }
        });
        receiver
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn bodies(&self) -> Vec<Value> {
        self.got.lock().unwrap().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    fn clear(&self) {
        self.got.lock().unwrap().clear();
    }
}

async fn endpoint(who: &Client, receiver: &Receiver, record_types: Value) -> Value {
    let wanted = json!({"url": receiver.url, "record_types": record_types});
    who.post("/v1/webhook-endpoints").json(wanted).send().await.expect(201)
}

/// What the background does, step by step.
async fn step(state: &AppState) {
    seal_due(state).await.unwrap();
    fan_out(state).await.unwrap();
    run_once(state).await.unwrap();
}

fn place(endpoint: &Value) -> String {
    format!("/v1/webhook-endpoints/{}", endpoint["id"].as_str().unwrap())
}

async fn deliveries(who: &Client, endpoint: &Value) -> Vec<Value> {
    who.get(format!("{}/deliveries", place(endpoint))).send().await.expect(200)["items"].as_array().unwrap().clone()
}

/// An endpoint of the owner whose receiver refuses, with one delivery.
async fn failing(app: &App, owner: &Person) -> (Receiver, Value, Value) {
    let receiver = Receiver::start("127.0.0.2").await;
    receiver.set(Mood::Status(500));
    let endpoint = endpoint(owner, &receiver, json!(["pilot"])).await;
    let draft = app.draft(owner).await;
    step(&app.state).await;
    (receiver, endpoint, draft)
}

/// Answers with the first address once, with the second ever after.
struct Rebinding(AtomicUsize, [IpAddr; 2]);

impl Lookup for Rebinding {
    fn lookup(&self, _: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        let asked = self.0.fetch_add(1, Ordering::SeqCst);
        let address = self.1[asked.min(1)];
        async move { Ok(vec![address]) }.boxed()
    }
}

/// Answers with all of these.
struct Fixed(Vec<IpAddr>);

impl Lookup for Fixed {
    fn lookup(&self, _: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        let all = self.0.clone();
        async move { Ok(all) }.boxed()
    }
}

on_both_engines! {
    async fn a_change_is_signed_and_says_no_more_than_where_to_look(app: App) {
        // The crate that verifies looks at the machine's clock.
        app.state.clock.set(Clock::system().now());
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let secret = made["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"));
        assert!(owner.get(place(&made)).send().await.expect(200)["secret"].is_null(), "shown once");
        let draft = app.draft(&owner).await;
        step(&app.state).await;
        let (headers, body) = receiver.got.lock().unwrap()[0].clone();
        Webhook::new(&secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
        assert!(Webhook::new(&secret).unwrap().verify(format!("{body} ").as_bytes(), &headers).is_err());
        let posted: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&posted["type"], &posted["data"]["record_id"], &posted["data"]["version"]), (&json!("pilot.changed"), &draft["id"], &json!(1)));
        assert_eq!(posted["data"].as_object().unwrap().len(), 4, "{posted}");
        let log = deliveries(&owner, &made).await;
        assert_eq!((&log[0]["status"], &log[0]["attempts"][0]["http_status"]), (&json!("delivered"), &json!(204)));
        assert_eq!(headers["webhook-id"], log[0]["id"].as_str().unwrap());
        // A new secret: both are good for a day.
        let rotated = owner.post(format!("{}/secrets", place(&made))).send().await.expect(200);
        receiver.clear();
        owner.post(format!("{}/tests", place(&made))).send().await.expect(201);
        step(&app.state).await;
        let (headers, body) = receiver.got.lock().unwrap()[0].clone();
        for secret in [&secret, rotated["secret"].as_str().unwrap()] {
            Webhook::new(secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
        }
        assert_eq!(receiver.bodies()[0]["type"], "webhook.test");
        // A retry of the creation does not show the secret again, and the database holds none.
        let again = json!({"url": receiver.url});
        let first = owner.post("/v1/webhook-endpoints").key("k").json(again.clone()).send().await.expect(201);
        let retry = owner.post("/v1/webhook-endpoints").key("k").json(again).send().await.expect(201);
        assert_eq!((&retry["id"], &retry["secret"]), (&first["id"], &Value::Null));
    }

    async fn owners_are_told_of_what_they_may_see_when_it_is_sent(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let member = app.person("Member", &[], app.people.land_office).await;
        let (to_stranger, to_member) = (Receiver::start("127.0.0.2").await, Receiver::start("127.0.0.2").await);
        let strangers = endpoint(&stranger, &to_stranger, json!(["pilot"])).await;
        let members = endpoint(&member, &to_member, json!(["pilot"])).await;
        let draft = app.draft(&owner).await;
        join(&owner, &draft, &member, "member").await;
        step(&app.state).await;
        assert!(to_stranger.bodies().is_empty() && deliveries(&stranger, &strangers).await.is_empty());
        assert!(!to_member.bodies().is_empty());
        // Queued while they might see it, sent when they may not any more.
        to_member.clear();
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        owner.delete(format!("{}/members/{}", path(&draft), member.id)).if_match("*").send().await.expect(204);
        run_once(&app.state).await.unwrap();
        assert!(to_member.bodies().is_empty());
        assert_eq!(deliveries(&member, &members).await[0]["status"], "skipped");
        // Nobody else's endpoints are anyone's business.
        owner.get(place(&members)).send().await.refused(404, "not_found");
        owner.get(format!("{}/deliveries", place(&members))).send().await.refused(404, "not_found");
    }

    async fn an_endpoint_of_a_key_sees_what_the_key_may_read_and_ends_with_its_service_account(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let program = async |scopes: Value| {
            let account = json!({"name": "Portal", "scopes": scopes, "ends_on": "2026-08-31"});
            let account = owner.post("/v1/service-accounts").json(account).send().await.expect(201);
            let key = json!({"expires_on": "2026-08-31", "password": PASSWORD});
            let key = owner.post(format!("/v1/service-accounts/{}/keys", account["id"].as_str().unwrap())).json(key).send().await.expect(201);
            (app.anonymous().with_token(key["key"].as_str().unwrap()), account)
        };
        let (deaf, _) = program(json!(["events:write"])).await;
        let wanted = json!({"url": "https://8.8.8.8/hook"});
        deaf.post("/v1/webhook-endpoints").json(wanted).send().await.refused(403, "insufficient_scope");
        let (key, account) = program(json!(["events:read", "events:write", "pilots:read"])).await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&key, &receiver, json!([])).await;
        assert_eq!((&made["owner_id"], &made["service_account_id"]), (&json!(owner.id), &account["id"]));
        let personal = endpoint(&owner, &receiver, json!(["gate_decision"])).await;
        assert_eq!(personal["service_account_id"], Value::Null);
        // The key has its own, the person has both.
        key.get(place(&personal)).send().await.refused(404, "not_found");
        key.patch(place(&personal)).if_match("*").merge(json!({"record_types": []})).send().await.refused(404, "not_found");
        assert_eq!(key.get("/v1/webhook-endpoints").send().await.expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(owner.get("/v1/webhook-endpoints").send().await.expect(200)["items"].as_array().unwrap().len(), 2);
        owner.delete(place(&personal)).if_match("*").send().await.expect(204);
        let design = app.design(&owner, &officer).await;
        let plan = json!({"milestones": [{"title": {"en": "First camp"}, "is_mandatory": true}]});
        owner.post(format!("{}/plans", path(&design))).json(plan).send().await.expect(201);
        step(&app.state).await;
        let kinds = |receiver: &Receiver| receiver.bodies().iter().map(|body| body["type"].as_str().unwrap().to_owned()).collect::<std::collections::BTreeSet<_>>();
        let told = kinds(&receiver);
        assert!(told.contains("pilot.changed") && !told.contains("plan.changed"), "{told:?}");
        // Ended by its day: queued before, not sent after; nothing more is queued.
        receiver.clear();
        owner.patch(path(&design)).if_match("*").merge(json!({"tags": ["x"]})).send().await;
        let again = app.draft(&owner).await;
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        app.advance(chrono::Duration::days(70));
        run_once(&app.state).await.unwrap();
        assert!(receiver.bodies().is_empty());
        let owner = app.renewed(&owner).await;
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["y"]})).send().await.expect(200);
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        assert!(deliveries(&owner, &made).await.iter().all(|delivery| delivery["status"] != "pending"));
        // Lengthened, it goes on; revoked, it is over for good.
        let service = format!("/v1/service-accounts/{}", account["id"].as_str().unwrap());
        owner.patch(&service).if_match("*").merge(json!({"ends_on": "2026-12-31"})).send().await.expect(200);
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["z"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        receiver.clear();
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["a"]})).send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        let revoke = json!({"action": "revoke", "reason": "The portal is gone."});
        owner.post(format!("{service}/transitions")).if_match("*").json(revoke).send().await.expect(200);
        run_once(&app.state).await.unwrap();
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["b"]})).send().await.expect(200);
        step(&app.state).await;
        assert!(receiver.bodies().is_empty(), "{:?}", receiver.bodies());
        let after = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&after["status"], &after["allowed_actions"]), (&json!("disabled"), &json!([])));
        assert!(after["status_reason"].as_str().unwrap().contains("revoked"));
        let enable = owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": "enable"}));
        enable.send().await.refused(409, "conflict");
    }

    async fn administrators_see_and_stop_all_endpoints_without_their_secrets(app: App) {
        let (owner, stranger, admin, auditor) = (app.owner().await, app.stranger().await, app.admin().await, app.auditor().await);
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let listed = async |who: &Client, query: &str| who.get(format!("/v1/webhook-endpoints{query}")).send().await.expect(200)["items"].clone();
        for who in [&admin, &auditor] {
            let seen = &listed(who, &format!("?owner_id={}&status=active", owner.id)).await[0];
            assert_eq!((&seen["id"], &seen["owner_id"], &seen["secret"]), (&made["id"], &json!(owner.id), &Value::Null));
            let url = seen["url"].as_str().unwrap();
            assert!(url.ends_with("/…") && !url.contains("hook") && receiver.url.starts_with(url.trim_end_matches("/…")), "{url}");
            assert_eq!(who.get(place(&made)).send().await.expect(200)["url"], url);
        }
        assert_eq!(listed(&owner, "").await[0]["url"], receiver.url);
        assert_eq!(listed(&stranger, "").await, json!([]));
        assert_eq!(listed(&stranger, &format!("?owner_id={}", owner.id)).await, json!([]));
        // What is the owner's stays the owner's.
        admin.post(format!("{}/secrets", place(&made))).send().await.refused(404, "not_found");
        admin.get(format!("{}/deliveries", place(&made))).send().await.refused(404, "not_found");
        let act = async |who: &Client, body: Value| who.post(format!("{}/transitions", place(&made))).if_match("*").json(body).send().await;
        act(&admin, json!({"action": "pause"})).await.refused(403, "forbidden");
        act(&owner, json!({"action": "disable", "reason": "x"})).await.refused(403, "forbidden");
        act(&auditor, json!({"action": "disable", "reason": "x"})).await.refused(403, "forbidden");
        assert_eq!(findings(&act(&admin, json!({"action": "disable"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let stopped = act(&admin, json!({"action": "disable", "reason": "It posts to a private company."})).await.expect(200);
        assert_eq!((&stopped["status"], &stopped["allowed_actions"]), (&json!("disabled"), &json!(["enable", "disable"])));
        app.draft(&owner).await;
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        let own = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&own["status_reason"], &own["allowed_actions"]), (&json!("It posts to a private company."), &json!([])));
        act(&owner, json!({"action": "enable"})).await.refused(403, "forbidden");
        let entries = auditor.get("/v1/audit-entries?operation=transition_webhook_endpoint.disable").send().await.expect(200);
        assert_eq!((&entries["items"][0]["actor_id"], &entries["items"][0]["record_id"]), (&json!(admin.id), &made["id"]));
        act(&admin, json!({"action": "enable"})).await.expect(200);
        // What the owner paused is the owner's to enable.
        act(&owner, json!({"action": "pause"})).await.expect(200);
        act(&admin, json!({"action": "enable"})).await.refused(403, "forbidden");
        act(&owner, json!({"action": "enable"})).await.expect(200);
        app.draft(&owner).await;
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        // A kind of record that there is none of.
        let wrong = json!({"url": receiver.url, "record_types": ["pilot", "pilots"]});
        let problem = owner.post("/v1/webhook-endpoints").json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/record_types/1 enum"]);
    }

    async fn what_happens_during_a_pause_is_not_sent_and_is_in_the_feed(app: App) {
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let draft = app.draft(&owner).await;
        step(&app.state).await;
        let last = receiver.bodies()[0]["data"]["position"].as_i64().unwrap();
        let act = async |action: &str| owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": action})).send().await.expect(200);
        act("pause").await;
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        step(&app.state).await;
        act("enable").await;
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1, "nothing of the pause is sent");
        let missed = owner.get(format!("/v1/changes?record_type=pilot&after_position={last}")).send().await.expect(200);
        assert_eq!((missed["items"].as_array().unwrap().len(), &missed["items"][0]["version"]), (1, &json!(2)));
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["y"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().last().unwrap()["data"]["version"], 3);
    }

    async fn one_record_keeps_its_order_and_a_failure_is_tried_again(app: App) {
        let owner = app.owner().await;
        let (receiver, made, draft) = failing(&app, &owner).await;
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1, "the second waits behind the first");
        let log = deliveries(&owner, &made).await;
        assert_eq!((log.len(), &log[1]["status"], &log[1]["attempts"][0]["http_status"], &log[1]["attempts"][0]["response"]), (2, &json!("pending"), &json!(500), &json!("hm")));
        assert!(owner.get(place(&made)).send().await.expect(200)["failing_since"].is_string());
        receiver.set(Mood::Status(204));
        app.advance(chrono::Duration::seconds(10));
        step(&app.state).await;
        let versions: Vec<Value> = receiver.bodies().iter().map(|body| body["data"]["version"].clone()).collect();
        assert_eq!(versions, [json!(1), json!(1), json!(2)]);
        let ids: Vec<String> = receiver.got.lock().unwrap().iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect();
        assert!(ids[0] == ids[1] && ids[1] != ids[2], "a repetition has the same id");
        assert!(owner.get(place(&made)).send().await.expect(200)["failing_since"].is_null());
    }

    async fn an_endpoint_that_fails_for_three_days_is_disabled_and_can_come_back(app: App) {
        let owner = app.owner().await;
        let (receiver, made, _) = failing(&app, &owner).await;
        for _ in 0..100 {
            app.advance(chrono::Duration::hours(1));
            step(&app.state).await;
        }
        let owner = app.renewed(&owner).await;
        let disabled = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&disabled["status"], &disabled["allowed_actions"]), (&json!("disabled"), &json!(["enable"])));
        assert!(disabled["status_reason"].as_str().unwrap().contains("three days"));
        assert_eq!(deliveries(&owner, &made).await[0]["status"], "failed");
        // Its owner is told in the feed.
        let feed = owner.get("/v1/changes?record_type=webhook_endpoint&limit=200").send().await.expect(200);
        assert!(feed["items"].as_array().unwrap().iter().any(|change| change["action"] == "webhooks.disable"), "{feed}");
        // Nothing more is sent, nor replayed.
        receiver.clear();
        receiver.set(Mood::Status(204));
        app.draft(&owner).await;
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        let since = json!({"since": "2026-01-01T00:00:00Z"});
        let replays = format!("{}/replays", place(&made));
        owner.post(&replays).json(since.clone()).send().await.refused(409, "conflict");
        owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": "enable"})).send().await.expect(200);
        let replayed = owner.post(&replays).json(since).send().await.expect(200);
        assert_eq!(replayed, json!({"replayed": 1, "has_more": false}));
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        let log = deliveries(&owner, &made).await;
        assert_eq!(log[0]["status"], "delivered");
        let one = format!("/v1/webhook-deliveries/{}", log[0]["id"].as_str().unwrap());
        owner.post(format!("{one}/replays")).send().await.expect(200);
        owner.post(format!("{one}/replays")).send().await.refused(409, "conflict");
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 2);
        assert!(owner.get(&one).send().await.expect(200)["attempts"].as_array().unwrap().len() >= 3);
        // Gone is gone, at once.
        receiver.set(Mood::Status(410));
        owner.post(format!("{}/tests", place(&made))).send().await.expect(201);
        step(&app.state).await;
        assert_eq!(owner.get(place(&made)).send().await.expect(200)["status"], "disabled");
    }

    async fn two_instances_deliver_once(app: App) {
        let other = app.another_instance();
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        endpoint(&owner, &receiver, json!(["pilot"])).await;
        let drafts = futures_util::future::join_all((0..10).map(|_| app.draft(&owner))).await;
        seal_due(&app.state).await.unwrap();
        let (left, right) = tokio::join!(fan_out(&app.state), fan_out(&other));
        left.unwrap();
        right.unwrap();
        let (left, right) = tokio::join!(run_once(&app.state), run_once(&other));
        left.unwrap();
        right.unwrap();
        let mut got: Vec<String> = receiver.bodies().iter().map(|body| body["data"]["record_id"].as_str().unwrap().to_owned()).collect();
        got.sort();
        let mut expected: Vec<String> = drafts.iter().map(|draft| draft["id"].as_str().unwrap().to_owned()).collect();
        expected.sort();
        assert_eq!(got, expected);
    }

    async fn nothing_but_public_addresses_is_accepted(app: App) {
        let owner = app.owner().await;
        for (url, code) in [
            ("https://127.0.0.1/", "not_public"), ("https://2130706433/", "not_public"), ("https://0x7f000001/", "not_public"),
            ("https://0177.0.0.1/", "not_public"), ("https://127.1/", "not_public"), ("https://[::1]/", "not_public"),
            ("https://[::ffff:127.0.0.1]/", "not_public"), ("https://[::ffff:7f00:1]/", "not_public"), ("https://169.254.169.254/latest/meta-data/", "not_public"),
            ("https://[fe80::1]/", "not_public"), ("https://[fd00:ec2::254]/", "not_public"), ("https://10.1.2.3/", "not_public"),
            ("https://[64:ff9b::7f00:1]/", "not_public"), ("https://[2002:7f00:1::]/", "not_public"), ("https://0.0.0.0/", "not_public"),
            ("https://localhost/", "not_public"), ("https://100.100.100.200/", "not_public"), ("https://127.0.0.1\u{3002}nip.example/", "pattern"),
            ("http://8.8.8.8/", "https"), ("ftp://8.8.8.8/", "https"), ("file:///etc/passwd", "url"), ("https://user:secret@8.8.8.8/", "url"),
            ("https://8.8.8.8/#x", "url"), ("not a url", "pattern"), ("notaurl:", "url"),
        ] {
            let problem = owner.post("/v1/webhook-endpoints").json(json!({"url": url})).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&problem), [format!("#/url {code}")], "{url}");
            assert!(!problem.to_string().contains("127.0.0.1") && !problem.to_string().contains("secret"), "{problem}");
        }
        let made = owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
        let moved = owner.patch(place(&made)).if_match("*").merge(json!({"url": "https://127.0.0.1/"})).send().await;
        assert_eq!(findings(&moved.refused(422, "validation_failed")), ["#/url not_public"]);
        assert_eq!(owner.get(place(&made)).send().await.expect(200)["url"], "https://8.8.8.8/hook");
        for _ in 0..9 {
            owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
        }
        owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.refused(409, "conflict");
        let bad = json!({"url": "https://8.8.8.8/", "record_types": ["Bad type"], "more": 1});
        let problem = owner.post("/v1/webhook-endpoints").json(bad).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem).len(), 2, "{problem}");
    }
}

/// Names that lead inside, redirects that lead inside, receivers that do not let go: none needs a database.
#[test]
fn no_request_reaches_a_network_of_ours() {
    actix_web::rt::System::new().block_on(async {
        let inside = Receiver::start("127.0.0.1").await;
        let port = inside.url.parse::<reqwest::Url>().unwrap().port().unwrap();
        let (public, loopback): (IpAddr, IpAddr) = ("8.8.8.8".parse().unwrap(), "127.0.0.1".parse().unwrap());
        // Public when it is checked, loopback when it is connected to.
        let rebinding =
            Outbound::new(Vec::new(), Box::new(Rebinding(AtomicUsize::new(0), [public, loopback]))).unwrap();
        let answered = rebinding.post(&format!("https://rebinding.example:{port}/"), &[], "{}".into()).await;
        assert_eq!(
            (answered.status, answered.error.as_deref()),
            (None, Some("the host is not on the public internet"))
        );
        // One address inside spoils the name; so does an address inside an address.
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1"] {
            let both = Outbound::new(Vec::new(), Box::new(Fixed(vec![public, address.parse().unwrap()]))).unwrap();
            assert!(both.check("https://both.example/").await.is_err(), "{address}");
            let answered = both.post(&format!("https://both.example:{port}/"), &[], "{}".into()).await;
            assert_eq!(answered.status, None);
        }
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);

        let outside = Receiver::start("127.0.0.2").await;
        let networks = vec!["127.0.0.2/32".parse().unwrap()];
        let client = Outbound::new(networks, Box::new(Fixed(vec!["127.0.0.2".parse().unwrap()]))).unwrap();
        let inside_address: SocketAddr = SocketAddr::new(loopback, port);
        outside.set(Mood::RedirectTo(format!("http://{inside_address}/")));
        assert_eq!(client.post(&outside.url, &[], "{}".into()).await.status, Some(307), "not followed");
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);
        // A test network is no licence for the rest.
        assert_eq!(client.post(&inside.url, &[], "{}".into()).await.status, None);
        assert_eq!(inside.connections.load(Ordering::SeqCst), 0);

        outside.set(Mood::Endless);
        let begun = Instant::now();
        let answered = client.post(&outside.url, &[], "{}".into()).await;
        assert_eq!(answered.status, Some(200));
        assert!(answered.body.len() <= 1024 && begun.elapsed().as_secs() < 5);
        outside.set(Mood::Silent);
        let begun = Instant::now();
        let answered = client.post(&outside.url, &[], "{}".into()).await;
        assert_eq!(answered.status, None);
        assert!((8..15).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    });
}
