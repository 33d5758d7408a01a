//! Every answer of the suite is held against the OpenAPI document: status, media type, headers, body.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use awc::http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Response;

static DOCUMENT: LazyLock<Value> = LazyLock::new(innovation_pilots::openapi::document);
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

pub fn document() -> &'static Value {
    &DOCUMENT
}

/// The described operation of a request: its path template and its description.
pub fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let path = path.split('?').next().unwrap();
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let candidates = document()["paths"].as_object().unwrap().iter().filter(|(template, _)| fits(template, path));
    // A literal path beats a template.
    let best = candidates.min_by_key(|(template, _)| template.matches('{').count())?;
    best.1.get(&method).map(|operation| (best.0.as_str(), operation))
}

fn fits(template: &str, path: &str) -> bool {
    let (left, right): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    left.len() == right.len()
        && left.iter().zip(right).all(|(part, given)| part.starts_with('{') && !given.is_empty() || *part == given)
}

pub fn check(method: &Method, path: &str, response: &Response) {
    let status = response.status.as_u16();
    let place = format!("{method} {path} -> {status}");
    assert!(response.header("x-request-id").is_some(), "{place}: no request id");
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{place}");
    if status >= 400 {
        assert_eq!(response.header("content-type"), Some("application/problem+json"), "{place}");
        if method != Method::HEAD {
            validate("Problem", &json!({"$ref": "#/components/schemas/Problem"}), &response.json(), &place);
        }
    }
    check_limits(response, &place);
    if method == Method::OPTIONS {
        return;
    }
    let Some((template, operation)) = operation(method, path) else {
        assert!(matches!(status, 200 | 301..=308 | 404 | 405), "{place}: not described");
        return;
    };
    let described = &operation["responses"][status.to_string()];
    assert!(
        !described.is_null(),
        "{place}: this status is not described for {template}: {}",
        String::from_utf8_lossy(&response.body)
    );
    if method == Method::HEAD {
        assert!(response.body.is_empty(), "{place}: HEAD has a body");
        return;
    }
    // Where it may also be something else, what was sent is looked at below.
    let is_only = described["content"].as_object().is_some_and(|content| content.len() == 1);
    let is_json = response.header("content-type") == Some("application/json");
    if let Some(schema) = described.pointer("/content/application~1json/schema").filter(|_| is_only || is_json) {
        assert!(is_json, "{place}");
        validate(&format!("{method} {template} {status}"), schema, &response.json(), &place);
    }
    if let Some(content) = described["content"].as_object() {
        let sent = response.header("content-type").unwrap_or_default().split(';').next().unwrap();
        assert!(content.contains_key(sent), "{place}: sent as {sent}, described as {:?}", content.keys());
    }
    if status == 201 {
        assert!(
            response.header("location").is_some() && response.header("etag").is_some(),
            "{place}: no Location or ETag"
        );
    }
}

/// `RateLimit-Policy` and `RateLimit` come together and say the same limits; a refusal says when to come back.
fn check_limits(response: &Response, place: &str) {
    let names = |header: &str, parameters: [&str; 2]| -> Vec<String> {
        let items = response.header(header).unwrap_or_default().split(", ").filter(|item| !item.is_empty());
        items
            .map(|item| {
                let mut parts = item.split(';');
                let name = parts.next().unwrap().to_owned();
                assert!(name.starts_with('"') && name.ends_with('"'), "{place}: {header}: {item}");
                for parameter in parameters {
                    let value = parts.next().and_then(|part| part.strip_prefix(parameter)?.strip_prefix('='));
                    assert!(value.is_some_and(|value| value.parse::<u32>().is_ok()), "{place}: {header}: {item}");
                }
                assert_eq!(parts.next(), None, "{place}: {header}: {item}");
                name
            })
            .collect()
    };
    assert_eq!(names("ratelimit-policy", ["q", "w"]), names("ratelimit", ["r", "t"]), "{place}");
    if matches!(response.status.as_u16(), 429 | 503) {
        let wait = response.header("retry-after").and_then(|value| value.parse::<u32>().ok());
        assert!(wait.is_some_and(|seconds| seconds > 0), "{place}: no Retry-After");
    }
}

fn validate(key: &str, schema: &Value, instance: &Value, place: &str) {
    let validator = {
        let mut known = VALIDATORS.lock().unwrap();
        Arc::clone(known.entry(key.to_owned()).or_insert_with(|| {
            let whole = json!({"allOf": [schema], "components": document()["components"]});
            Arc::new(jsonschema::options().should_validate_formats(true).build(&whole).unwrap())
        }))
    };
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{place} breaks the document:\n{}\n{instance:#}", errors.join("\n"));
}
