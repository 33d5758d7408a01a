//! One operation in the document: who may call it, its parameters, what it answers and how it refuses.

use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, path::Parameter};

use super::{
    examples::add_examples,
    put, refer,
    schemas::{complete_schema, not_null},
};
use crate::platform::{
    auth::{Permission, ScopeNeed, Who, bar_name, name},
    web::{limits::LimitClass, operation::Operation},
};

/// All of it.
pub(super) fn describe(
    operation: &Operation,
    operations: &[Operation],
    permissions: &[Permission],
    schemas: &Map<String, Value>,
) -> Value {
    let mut described = serde_json::to_value(&*operation.description).unwrap_or_default();
    let Value::Object(fields) = &mut described else { return described };
    let rules: Vec<&Permission> = permissions.iter().filter(|permission| permission.is_of(operation.id)).collect();
    let open = rules.iter().any(|rule| rule.allowed.contains(&Who::Anyone));
    fields.insert("operationId".into(), operation.id.into());
    let knows_callers = rules.iter().any(|rule| rule.allowed.contains(&Who::LoggedIn));
    let scope = match operation.scope_need(permissions) {
        ScopeNeed::Scope(scope) if !open || knows_callers => Some(scope),
        _ => None,
    };
    let mut ways = Vec::new();
    // Open to anyone, but a login may show more.
    if open && knows_callers {
        ways.push(json!({}));
    }
    if !open || knows_callers {
        ways.push(json!({"bearer": []}));
        ways.extend(scope.is_some().then(|| json!({"api_key": []})));
    }
    fields.insert("security".into(), ways.into());
    if let Some(summary) =
        fields.get("summary").and_then(Value::as_str).map(|text| text.trim_end_matches('.').to_owned())
    {
        fields.insert("summary".into(), summary.into());
    }
    let prose = fields.get("description").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let key = match &scope {
        Some(scope) if open => format!("\n\nAn API key without the scope `{scope}` is answered like anyone."),
        Some(scope) => format!("\n\nAn API key needs the scope `{scope}`."),
        None => String::new(),
    };
    fields.insert("description".into(), format!("{prose}\n\n{}{key}", who_may(&rules)).trim().into());
    if let Some(scope) = scope {
        // Only OAuth declares scopes in its security scheme, so the requirement of a key cannot name them.
        fields.insert("x-api-key-scope".into(), scope.into());
    }
    let parameters = parameters(operation, fields);
    fields.insert("parameters".into(), Value::Array(parameters));
    if let Some(content) = fields.get_mut("requestBody").and_then(|body| body.get_mut("content")) {
        add_examples(content, schemas);
    }
    let mut responses = match fields.remove("responses") {
        Some(Value::Object(responses)) => responses,
        _ => Map::new(),
    };
    complete_responses(operation, operations, schemas, &mut responses);
    for (status, name) in refusals(operation) {
        responses.insert(status.into(), json!({"$ref": format!("#/components/responses/{name}")}));
    }
    responses.sort_keys();
    fields.insert("responses".into(), Value::Object(responses));
    described
}

/// Who may call it, from the permission table, so that the document cannot promise anything else.
fn who_may(rules: &[&Permission]) -> String {
    let lines: Vec<String> = rules
        .iter()
        .map(|rule| {
            let who: Vec<&str> = rule.allowed.iter().map(|who| name(*who).0).collect();
            let unless: Vec<&str> = rule.unless.iter().map(|bar| bar_name(*bar)).collect();
            let bars = if unless.is_empty() { String::new() } else { format!("; not who is {}", unless.join(" or ")) };
            match rule.action.split_once('.') {
                Some((_, command)) => format!("- `{command}`: {}{bars}", who.join(", ")),
                None => format!("Permitted: {}{bars}.", who.join(", ")),
            }
        })
        .collect();
    lines.join("\n")
}

/// Whether the operation reads or writes one record that has a version.
fn is_record(operation: &Operation) -> bool {
    let one = operation.path.ends_with('}') && !["/gates/", "-exports/"].iter().any(|it| operation.path.contains(it));
    one || operation.path.ends_with("/final-report") || operation.path == "/v1/me"
}

/// Whether a query parameter says which record is meant, and does not only narrow a list.
fn names_a_record(operation: &Operation) -> bool {
    let name = if operation.path == "/v1/reviewers" { "request_id" } else { "parent_id" };
    let named = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(it) if it.name == name);
    operation.description.parameters.iter().flatten().any(named)
}

/// Whether the operation answers with the bytes of a file.
fn is_file(operation: &Operation) -> bool {
    operation.path.ends_with("/content")
}

/// Whether secrets are guessed here, and counted.
fn proves_identity(operation: &Operation) -> bool {
    operation.path.starts_with("/v1/auth/")
        || operation.path == "/v1/me/password"
        || operation.path.starts_with("/v1/me/second-factor")
}

/// Whether the operation has to name the version it means.
fn needs_version(operation: &Operation) -> bool {
    // What moves a round on besides its transitions: a later closing, the release of its results.
    let moves_on = ["/transitions", "/extensions", "/release"].iter().any(|end| operation.path.ends_with(end));
    matches!(operation.method.as_str(), "PATCH" | "DELETE")
        || moves_on && operation.method == "POST"
        || operation.moves_money()
        || operation.changes_version()
}

fn parameters(operation: &Operation, fields: &mut Map<String, Value>) -> Vec<Value> {
    let declared: Vec<Value> = match fields.remove("parameters") {
        Some(Value::Array(declared)) => declared,
        _ => Vec::new(),
    };
    let is_in = |parameter: &Value, place: &str| parameter.get("in").and_then(Value::as_str) == Some(place);
    // Declared where it is one of a few words; all other places in paths are alike.
    let (words, mut declared): (Vec<Value>, Vec<Value>) =
        declared.into_iter().filter(|it| is_in(it, "path") || is_in(it, "query")).partition(|it| is_in(it, "path"));
    for parameter in &mut declared {
        if let Some(schema) = parameter.get_mut("schema") {
            not_null(schema);
            complete_schema(schema, true);
            let is_list = schema.get("type").and_then(Value::as_str) == Some("array");
            // utoipa leaves the doc comment out where `schema_with` says the schema.
            let description = schema.get("description").cloned();
            let Value::Object(parameter) = parameter else { continue };
            if let (false, Some(description)) = (parameter.contains_key("description"), description) {
                parameter.insert("description".into(), description);
            }
            if is_list {
                parameter.insert("style".into(), "form".into());
                parameter.insert("explode".into(), false.into());
            }
        }
    }
    let mut all: Vec<Value> = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let word = words.iter().find(|it| it.get("name").and_then(Value::as_str) == Some(name));
            let schema = match word.and_then(|it| it.get("schema")) {
                Some(schema) => schema.clone(),
                None if name.ends_with("_id") => {
                    json!({"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36})
                }
                None => json!({"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[A-Za-z0-9._-]+$"}),
            };
            let what = name.trim_end_matches("_id").replace('_', " ");
            json!({"name": name, "in": "path", "required": true, "description": format!("Which {what}."), "schema": schema})
        })
        .collect();
    all.extend(declared);
    let shared = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    // Tokens must not lie in the store of answers, so logins take no key; rotation has its own grace instead. A new
    // password makes the old one wrong, which no store could answer for.
    if operation.moves_money() {
        all.extend([shared("MoneyIdempotencyKey"), shared("MoneyIfMatch")]);
    } else if operation.method == "POST" && !proves_identity(operation) {
        all.push(shared("IdempotencyKey"));
    }
    if needs_version(operation) && !operation.moves_money() {
        all.push(shared("IfMatch"));
    }
    if operation.method == "GET" && (is_record(operation) || is_file(operation)) {
        all.push(shared("IfNoneMatch"));
    }
    all
}

fn complete_responses(
    operation: &Operation,
    operations: &[Operation],
    schemas: &Map<String, Value>,
    responses: &mut Map<String, Value>,
) {
    responses.retain(|status, _| status.starts_with('2'));
    let is_record = is_record(operation) || needs_version(operation);
    for (status, response) in responses.iter_mut() {
        let Value::Object(response) = response else { continue };
        let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/RequestId"}});
        let mut add = |name: &str, header: &str| refer(&mut headers, name, header);
        if LimitClass::of_path(&operation.path) != LimitClass::Exempt {
            add("RateLimit-Policy", "RateLimitPolicy");
            add("RateLimit", "RateLimit");
        }
        if status == "201" || is_record && status == "200" {
            add("ETag", "ETag");
        }
        if status == "201" {
            add("Location", "Location");
        }
        if is_file(operation) {
            add("ETag", "ETag");
            add("Content-Disposition", "ContentDisposition");
            put(
                response.entry("content").or_insert_with(|| json!({})),
                "application/octet-stream",
                json!({"schema": {"type": "string", "format": "binary"}}),
            );
        }
        let is_page = response.get("content").is_some_and(|content| content.to_string().contains("Page\""));
        if is_page {
            add("Link", "Link");
        }
        response.insert("headers".into(), headers);
        if let Some(content) = response.get_mut("content") {
            add_examples(content, schemas);
        }
        if status == "201"
            && let Some(links) = links(operation, operations)
        {
            response.insert("links".into(), links);
        }
    }
    if operation.method == "GET" && (is_record || is_file(operation)) {
        responses.insert("304".into(), json!({"description": "The caller has this version already."}));
    }
}

/// From what was created to the operations that take its id.
fn links(operation: &Operation, operations: &[Operation]) -> Option<Value> {
    let prefix = operation.path.rsplit('/').next().map(|collection| format!("/v1/{collection}/{{"))?;
    let mut links = Map::new();
    for target in operations {
        let Some(parameter) = target.path.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix('}')) else {
            continue;
        };
        if parameter.contains('/') || target.method == "POST" {
            continue;
        }
        let key = if parameter.ends_with("_code") { "code" } else { "id" };
        let mut parameters = json!({parameter: format!("$response.body#/{key}")});
        if needs_version(target) {
            put(&mut parameters, "If-Match", json!("$response.header.ETag"));
        }
        links.insert(target.id.into(), json!({"operationId": target.id, "parameters": parameters}));
    }
    (!links.is_empty()).then_some(Value::Object(links))
}

fn refusals(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    // 403 everywhere: who sends a login where none is needed may have to change its password first.
    let mut refusals = vec![
        ("400", "BadRequest"),
        ("401", "Unauthorized"),
        ("403", "Forbidden"),
        ("500", "InternalError"),
        ("503", "Unavailable"),
    ];
    if operation.path.contains('{') || names_a_record(operation) {
        refusals.push(("404", "NotFound"));
    }
    if operation.method != "GET" {
        refusals.extend([
            ("408", "RequestTimeout"),
            ("409", "Conflict"),
            ("413", "BodyTooLarge"),
            ("415", "UnsupportedMediaType"),
            ("422", "ValidationFailed"),
        ]);
    }
    if needs_version(operation) {
        refusals.extend([("412", "VersionMismatch"), ("428", "IfMatchRequired")]);
    }
    if LimitClass::of_path(&operation.path) != LimitClass::Exempt {
        refusals.push(("429", "TooManyRequests"));
    }
    refusals
}
