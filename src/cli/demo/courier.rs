//! Sends requests to the application inside this process, as any person, on any day. They pass every gate that a
//! request from outside passes.

use std::{future::Future, pin::Pin, rc::Rc};

use actix_web::{
    http::Method,
    test::{TestRequest, init_service, read_body, try_call_service},
    web::Data,
};
use chrono::{Duration, NaiveDate};
use serde_json::Value;

use super::people::Account;
use crate::{
    app,
    platform::{clock::Timestamp, web::AppState},
};

type Sent = Pin<Box<dyn Future<Output = Result<(u16, Value), String>>>>;

/// Brings requests to the application.
pub struct Courier {
    state: Data<AppState>,
    now: Timestamp,
    send: Box<dyn Fn(TestRequest) -> Sent>,
}

impl Courier {
    /// Over an application of its own, whose clock is `state`'s.
    pub async fn new(state: Data<AppState>, now: Timestamp) -> Self {
        let service = Rc::new(init_service(app::app(state.clone(), &[])).await);
        let send = move |request: TestRequest| -> Sent {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let response =
                    try_call_service(&*service, request.to_request()).await.map_err(|error| error.to_string())?;
                let status = response.status().as_u16();
                let body = read_body(response).await;
                let json = if body.is_empty() {
                    Value::Null
                } else {
                    serde_json::from_slice(&body).map_err(|error| error.to_string())?
                };
                Ok((status, json))
            })
        };
        Self { state, now, send: Box::new(send) }
    }

    /// Turns the clock to so many days before the present, and some hours into that day.
    pub fn turn_to(&self, days_ago: i64, hours: i64) {
        self.state.clock.set(self.now.plus(Duration::hours(hours) - Duration::days(days_ago)));
    }

    /// The day that the clock shows.
    pub fn today(&self) -> NaiveDate {
        self.state.clock.now().day_in_dhaka()
    }

    /// The day that the clock shows, moved by `days`.
    pub fn day(&self, days: i64) -> String {
        self.state.clock.now().plus(Duration::days(days)).day_in_dhaka().to_string()
    }

    /// The instant that the clock shows, moved by `days`.
    pub fn instant(&self, days: i64) -> String {
        self.state.clock.now().plus(Duration::days(days)).to_string()
    }

    /// Sends a request and insists on success.
    pub async fn send(&self, who: &Account, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let mut request = self.request(who, method.clone(), path)?;
        if method != Method::GET {
            request = request.insert_header(("If-Match", "*"));
        }
        if !body.is_null() {
            request = request.insert_header(("Content-Type", "application/json")).set_payload(body.to_string());
        }
        self.succeed(request, &format!("{method} {path} with {body}")).await
    }

    fn request(&self, who: &Account, method: Method, path: &str) -> Result<TestRequest, String> {
        let now = self.state.clock.now();
        let token = self.state.tokens.issue(who.id, who.session, now, now).map_err(|error| error.to_string())?;
        let authorization = ("Authorization", format!("Bearer {token}"));
        Ok(TestRequest::default().method(method).uri(path).insert_header(authorization))
    }

    async fn succeed(&self, request: TestRequest, what: &str) -> Result<Value, String> {
        match (self.send)(request).await? {
            (status, answer) if status < 300 => Ok(answer),
            (status, answer) => Err(format!("{what}: {status} {answer}")),
        }
    }

    /// Moves money, on the version of the record that is meant.
    pub async fn pay(&self, who: &Account, path: &str, version: i64, body: Value) -> Result<Value, String> {
        let request = self
            .request(who, Method::POST, path)?
            .insert_header(("If-Match", format!("\"{version}\"")))
            .insert_header(("Idempotency-Key", uuid::Uuid::now_v7().to_string()))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        self.succeed(request, &format!("POST {path} with {body}")).await
    }

    /// Attaches a text to a record.
    pub async fn attach(
        &self,
        who: &Account,
        kind: &str,
        parent: &str,
        name: &str,
        text: &str,
    ) -> Result<Value, String> {
        let path = format!("/v1/attachments?parent_kind={kind}&parent_id={parent}");
        let form = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n\
             {text}\r\n--edge--\r\n"
        );
        let request = self
            .request(who, Method::POST, &path)?
            .insert_header(("Content-Type", "multipart/form-data; boundary=edge"))
            .set_payload(form);
        self.succeed(request, &format!("POST {path}")).await
    }

    /// Creates something.
    pub async fn post(&self, who: &Account, path: &str, body: Value) -> Result<Value, String> {
        self.send(who, Method::POST, path, body).await
    }

    /// Moves something.
    pub async fn act(&self, who: &Account, path: &str, body: Value) -> Result<Value, String> {
        self.post(who, &format!("{path}/transitions"), body).await
    }
}
