//! Webhooks: signed, bounded by what their owner sees, tried for days, and never let into a network of ours.

mod addresses;
mod delivery;
mod endpoints;

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
