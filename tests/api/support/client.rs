//! A client that reads like the requests it sends, and holds every answer against the OpenAPI document.

use std::time::Duration;

use awc::http::{Method, StatusCode, header::HeaderMap};
use serde_json::Value;

use super::contract;

/// Someone who sends requests.
#[derive(Clone)]
pub struct Client {
    base: String,
    token: Option<String>,
}

impl Client {
    pub fn new(base: &str, token: Option<String>) -> Self {
        Self { base: base.to_owned(), token }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self::new(&self.base, Some(token.to_owned()))
    }

    pub fn get(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::POST, path)
    }

    pub fn patch(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::DELETE, path)
    }

    pub fn request(&self, method: Method, path: impl AsRef<str>) -> Request {
        let request = Request {
            url: format!("{}{}", self.base, path.as_ref()),
            path: path.as_ref().to_owned(),
            method,
            headers: Vec::new(),
            body: Vec::new(),
        };
        match &self.token {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        }
    }
}

/// A request in the making.
pub struct Request {
    url: String,
    path: String,
    method: Method,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn if_match(self, etag: impl Into<String>) -> Self {
        self.header("If-Match", etag)
    }

    /// What every request that moves money carries: the version it means, and a key of its own.
    pub fn money(self, record: &Value) -> Self {
        self.if_match(format!("\"{}\"", record["version"])).key(&uuid::Uuid::now_v7().to_string())
    }

    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    pub fn bangla(self) -> Self {
        self.header("Accept-Language", "bn")
    }

    pub fn json(self, body: Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn merge(self, body: Value) -> Self {
        self.body("application/merge-patch+json", body.to_string())
    }

    /// A form with this one file.
    pub fn form(self, name: &str, media_type: &str, content: impl AsRef<[u8]>) -> Self {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n"
        )
        .into_bytes();
        body.extend(content.as_ref());
        body.extend(b"\r\n--edge--\r\n");
        self.body("multipart/form-data; boundary=edge", body)
    }

    pub fn body(self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut request = self.header("Content-Type", media_type);
        request.body = body.into();
        request
    }

    pub async fn send(self) -> Response {
        let client = awc::Client::builder().timeout(Duration::from_secs(60)).disable_redirects().finish();
        let mut request = client.request(self.method.clone(), &self.url);
        for (name, value) in &self.headers {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        let mut answer =
            request.send_body(self.body).await.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path));
        let bytes = answer.body().limit(16 << 20).await.unwrap();
        let response = Response { status: answer.status(), headers: answer.headers().clone(), body: bytes.to_vec() };
        contract::check(&self.method, &self.path, &response);
        response
    }
}

/// An answer.
#[derive(Clone)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Response {
    /// Insists on a status and gives the body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }

    /// Insists on a refusal and gives the problem document.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }

    pub fn json(&self) -> Value {
        if self.body.is_empty() { Value::Null } else { serde_json::from_slice(&self.body).unwrap() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").expect("an ETag").to_owned()
    }
}

/// The codes of a problem's items, with where they are: `#/title required`.
pub fn findings(problem: &Value) -> Vec<String> {
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            format!(
                "{}{}{} {}",
                text(item, "pointer"),
                text(item, "parameter"),
                text(item, "header"),
                text(item, "code")
            )
            .trim()
            .to_owned()
        })
        .collect();
    found.sort();
    found
}
