//! Finishes the OpenAPI document: what every operation has in common is written once, here, and not on each handler.

use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, path::Parameter},
};

use super::{
    limits::LimitClass,
    operation::Operation,
    readable_schemas::{describe_patches, forbid_characters, is_empty, raise_description},
};
use crate::platform::{
    auth::{Permission, Scope, ScopeNeed, Who, bar_name, name},
    error::{
        ErrorCode,
        problem::{ErrorParams, PROBLEM_JSON, Problem, ProblemItem},
    },
};

/// The longest text and list where a schema names no other bound.
const LONGEST_TEXT: u64 = 5000;
const LONGEST_LIST: u64 = 200;

/// The document of these operations. `head` has everything but paths and components.
pub fn document(head: Value, operations: &[Operation], permissions: &[Permission]) -> Value {
    let mut schemas = components(operations);
    let inputs = input_names(operations, &schemas);
    let scopes = scopes(operations, permissions);
    if let Some(schema) = schemas.get_mut(Scope::name().as_ref()) {
        put(schema, "enum", json!(scopes));
    }
    for (name, schema) in &mut schemas {
        complete_schema(schema, inputs.contains(name));
    }
    describe_patches(&mut schemas);
    let mut paths = Map::new();
    for operation in operations {
        let method = operation.method.as_str().to_ascii_lowercase();
        let described = describe(operation, operations, permissions, &schemas);
        if let Value::Object(item) = paths.entry(operation.path.clone()).or_insert_with(|| json!({})) {
            item.insert(method, described);
        }
    }
    let mut document = head;
    if let Value::Object(fields) = &mut document {
        fields.insert("paths".into(), Value::Object(paths));
        fields.insert(
            "components".into(),
            json!({
                "schemas": schemas,
                "responses": problem_responses(),
                "parameters": shared_parameters(),
                "headers": shared_headers(),
                "securitySchemes": {
                    "bearer": {
                        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                        "description": "The `access_token` of a login, good for ten minutes."
                    },
                    "api_key": {
                        "type": "http", "scheme": "bearer", "bearerFormat": "ipk_…",
                        "description": about_keys(&scopes)
                    }
                }
            }),
        );
    }
    document
}

/// Every scope that an operation asks of an API key.
pub fn scopes(operations: &[Operation], permissions: &[Permission]) -> Vec<String> {
    let mut scopes: Vec<String> = operations
        .iter()
        .filter_map(|operation| match operation.scope_need(permissions) {
            ScopeNeed::Scope(scope) => Some(scope),
            ScopeNeed::None | ScopeNeed::Person => None,
        })
        .collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

fn about_keys(scopes: &[String]) -> String {
    let list: Vec<String> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
    format!(
        "A key of a service account, sent like an access token. It acts as its owner, within its scopes: reading or \
         writing what stands under one tag. Operations that name no scope here are for people only, or open to anyone. \
         Scopes: {}.",
        list.join(", ")
    )
}

fn components(operations: &[Operation]) -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut all: Vec<(String, Value)> = operations
        .iter()
        .flat_map(|operation| &operation.schemas)
        .map(|(name, schema)| (name.clone(), serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    for (name, schema) in [
        (Problem::name(), <Problem as utoipa::PartialSchema>::schema()),
        (ProblemItem::name(), <ProblemItem as utoipa::PartialSchema>::schema()),
        (ErrorParams::name(), <ErrorParams as utoipa::PartialSchema>::schema()),
    ] {
        all.push((name.into_owned(), serde_json::to_value(schema).unwrap_or_default()));
    }
    all.sort_by(|(left, _), (right, _)| left.cmp(right));
    for (name, schema) in all {
        // Two types of one name would silently overwrite each other.
        let known = schemas.get(&name);
        assert!(known.is_none_or(|known| *known == schema), "two different schemas are called {name}");
        schemas.insert(name, schema);
    }
    schemas
}

/// The schemas that requests are read by: those of the bodies and all that they refer to.
fn input_names(operations: &[Operation], schemas: &Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for operation in operations {
        if let Some(body) = &operation.description.request_body {
            collect_references(&serde_json::to_value(body).unwrap_or_default(), schemas, &mut names);
        }
    }
    names
}

fn collect_references(value: &Value, schemas: &Map<String, Value>, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(name) =
                fields.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next())
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
                if let Some(schema) = schemas.get(name) {
                    collect_references(schema, schemas, names);
                }
            }
            fields.values().for_each(|field| collect_references(field, schemas, names));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, schemas, names)),
        _ => {}
    }
}

/// Bounds on every text and list; in answers, every key is always there.
fn complete_schema(schema: &mut Value, is_input: bool) {
    unite(schema);
    let Value::Object(fields) = schema else { return };
    raise_description(fields);
    let is = |fields: &Map<String, Value>, name: &str| match fields.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    };
    if is(fields, "string") && !["enum", "format", "maxLength", "const"].iter().any(|bound| fields.contains_key(*bound))
    {
        fields.insert("maxLength".into(), LONGEST_TEXT.into());
    }
    if is_input && is(fields, "string") {
        forbid_characters(fields);
    }
    if is(fields, "array") && !fields.contains_key("maxItems") {
        fields.insert("maxItems".into(), LONGEST_LIST.into());
    }
    if is(fields, "object") && !is_input {
        let names: Vec<Value> = fields
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str().into())
            .collect();
        if !names.is_empty() {
            fields.insert("required".into(), Value::Array(names));
        }
    }
    // "Empty unless given" goes without saying, and generators of clients take a default for a field that has to be sent.
    fields.retain(|name, value| name != "default" || !is_empty(value));
    // 3.1 has `examples`; the singular is a leftover.
    if let Some(example) = fields.remove("example") {
        fields.insert("examples".into(), json!([example]));
    }
    for name in ["properties", "items", "oneOf", "anyOf", "allOf"] {
        match fields.get_mut(name) {
            Some(Value::Object(nested)) if name == "properties" => {
                nested.values_mut().for_each(|field| complete_schema(field, is_input))
            }
            Some(Value::Array(branches)) => branches.iter_mut().for_each(|branch| complete_schema(branch, is_input)),
            Some(one) => complete_schema(one, is_input),
            None => {}
        }
    }
}

/// utoipa writes an inlined enum with a description of its own as "the enum and an object"; it is the enum, described.
fn unite(schema: &mut Value) {
    let Some([inlined, remark]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) else { return };
    let is_remark = remark.get("type").and_then(Value::as_str) == Some("object") && remark.get("properties").is_none();
    if let (true, Some(inlined), Some(remark)) = (is_remark, inlined.as_object(), remark.as_object()) {
        let mut united = inlined.clone();
        let said = remark.iter().filter(|(name, _)| *name != "type");
        united.extend(said.map(|(name, value)| (name.clone(), value.clone())));
        *schema = Value::Object(united);
    }
}

fn describe(
    operation: &Operation,
    operations: &[Operation],
    permissions: &[Permission],
    schemas: &Map<String, Value>,
) -> Value {
    let mut described = serde_json::to_value(&operation.description).unwrap_or_default();
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
    let one = operation.path.ends_with('}') && !operation.path.contains("/gates/");
    one || operation.path.ends_with("/final-report") || operation.path == "/v1/me"
}

/// Whether a query parameter says which record is meant.
fn names_a_record(operation: &Operation) -> bool {
    let named = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(it) if it.name == "parent_id");
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
    matches!(operation.method.as_str(), "PATCH" | "DELETE")
        || operation.path.ends_with("/transitions") && operation.method == "POST"
}

fn parameters(operation: &Operation, fields: &mut Map<String, Value>) -> Vec<Value> {
    let mut declared: Vec<Value> = match fields.remove("parameters") {
        Some(Value::Array(declared)) => declared,
        _ => Vec::new(),
    };
    declared.retain(|parameter| parameter.get("in").and_then(Value::as_str) == Some("query"));
    for parameter in &mut declared {
        if let Some(schema) = parameter.get_mut("schema") {
            not_null(schema);
            complete_schema(schema, true);
            let is_list = schema.get("type").and_then(Value::as_str) == Some("array");
            if let (true, Value::Object(parameter)) = (is_list, parameter) {
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
            let schema = match name.ends_with("_id") {
                true => json!({"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36}),
                false => json!({"type": "string", "minLength": 1, "maxLength": 60, "pattern": "^[A-Za-z0-9._-]+$"}),
            };
            let what = name.trim_end_matches("_id").replace('_', " ");
            json!({"name": name, "in": "path", "required": true, "description": format!("Which {what}."), "schema": schema})
        })
        .collect();
    all.extend(declared);
    let shared = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    // Tokens must not lie in the store of answers, so logins take no key; rotation has its own grace instead. A new
    // password makes the old one wrong, which no store could answer for.
    if operation.method == "POST" && !proves_identity(operation) {
        all.push(shared("IdempotencyKey"));
    }
    if needs_version(operation) {
        all.push(shared("IfMatch"));
    }
    if operation.method == "GET" && (is_record(operation) || is_file(operation)) {
        all.push(shared("IfNoneMatch"));
    }
    all
}

/// A parameter is there or not; null is nothing that a query string could say.
fn not_null(schema: &mut Value) {
    let Value::Object(fields) = schema else { return };
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            fields.insert("type".into(), one);
        }
    }
    for name in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = fields.get_mut(name) {
            branches.retain(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
            if let [one] = branches.as_slice() {
                *schema = one.clone();
                return;
            }
        }
    }
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

fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}

/// Adds a shared header by reference.
fn refer(headers: &mut Value, name: &str, shared: &str) {
    put(headers, name, json!({"$ref": format!("#/components/headers/{shared}")}));
}

fn problem_responses() -> Value {
    let names = [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (408, "RequestTimeout"),
        (409, "Conflict"),
        (412, "VersionMismatch"),
        (413, "BodyTooLarge"),
        (415, "UnsupportedMediaType"),
        (422, "ValidationFailed"),
        (428, "IfMatchRequired"),
        (429, "TooManyRequests"),
        (500, "InternalError"),
        (503, "Unavailable"),
    ];
    let mut responses = Map::new();
    for (status, name) in names {
        let codes: Vec<&ErrorCode> = ErrorCode::ALL.iter().filter(|code| code.status() == status).collect();
        let meanings: Vec<String> =
            codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning())).collect();
        let examples: Map<String, Value> = codes
            .iter()
            .map(|code| {
                let problem = json!({
                    "type": format!("https://innovation.gov.bd/problems/{}", code.as_str()), "title": code.title_en(),
                    "status": status, "detail": code.explanation().en, "code": code.as_str(),
                    "request_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "errors": []
                });
                (code.as_str().to_owned(), json!({"summary": code.title_en(), "value": problem}))
            })
            .collect();
        let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/RequestId"}});
        if status != 503 {
            refer(&mut headers, "RateLimit-Policy", "RateLimitPolicy");
            refer(&mut headers, "RateLimit", "RateLimit");
        }
        match status {
            401 => refer(&mut headers, "WWW-Authenticate", "WwwAuthenticate"),
            429 | 503 => refer(&mut headers, "Retry-After", "RetryAfter"),
            _ => {}
        }
        responses.insert(
            name.into(),
            json!({
                "description": meanings.join("\n"),
                "headers": headers,
                "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}
            }),
        );
    }
    Value::Object(responses)
}

fn shared_parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A text of your own, best a UUID. The same key with the same body gets the first answer again, for 72 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of the version that you mean to change, quotes included: `\"1\"`; or `*`.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^(\\*|(W/)?\"[^\",]*\"( *, *(W/)?\"[^\",]*\")*)$"}
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "An `ETag` you already have, or several with commas; answers 304 if one is still current.",
            "schema": {"type": "string"}
        }
    })
}

fn shared_headers() -> Value {
    let text = |description: &str| json!({"description": description, "schema": {"type": "string", "maxLength": 2000}});
    json!({
        "RequestId": text("Names this request in our logs; yours, if you sent a well-formed one."),
        "ETag": text("The version of the record, for `If-Match` and `If-None-Match`."),
        "Location": text("Where the new record is found."),
        "ContentDisposition": text("`attachment` with the file's name (RFC 6266, RFC 8187)."),
        "Link": text("`rel=\"next\"`: the next page, when there is one (RFC 8288)."),
        "WwwAuthenticate": text("How to log in (RFC 6750)."),
        "RateLimitPolicy": text("The limits that this request was counted by: name, requests `q` in `w` seconds (draft-ietf-httpapi-ratelimit-headers)."),
        "RateLimit": text("What is left of each: `r` requests, and `t` seconds until the whole share is there again. When the request was refused, `t` is `Retry-After`."),
        "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400}}
    })
}

fn add_examples(content: &mut Value, schemas: &Map<String, Value>) {
    for media in content.as_object_mut().into_iter().flatten().map(|(_, media)| media) {
        let sample = media.get("schema").map(|schema| sample(schema, schemas, 0));
        if let (Some(sample), Value::Object(media)) = (sample, media) {
            media.entry("example").or_insert(sample);
        }
    }
}

/// A value that a schema describes: its own example, else one put together from its parts.
fn sample(schema: &Value, schemas: &Map<String, Value>, depth: u8) -> Value {
    // No schema refers to itself; this only keeps a mistake from running for ever.
    if depth > 24 {
        return Value::Null;
    }
    if let Some(target) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.rsplit('/').next())
        .and_then(|name| schemas.get(name))
    {
        return sample(target, schemas, depth + 1);
    }
    let example = schema.get("examples").and_then(|examples| examples.get(0)).or_else(|| schema.get("example"));
    if let Some(example) =
        example.or_else(|| schema.get("default")).or_else(|| schema.get("enum").and_then(|values| values.get(0)))
    {
        return example.clone();
    }
    for name in ["oneOf", "anyOf", "allOf"] {
        if let Some(Value::Array(branches)) = schema.get(name) {
            let real = branches.iter().find(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
            return real.map_or(Value::Null, |branch| sample(branch, schemas, depth + 1));
        }
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        Some(Value::String(kind)) => kind,
        _ => "null",
    };
    match (kind, schema.get("format").and_then(Value::as_str)) {
        ("object", _) => {
            let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            Value::Object(fields.map(|(name, field)| (name.clone(), sample(field, schemas, depth + 1))).collect())
        }
        ("array", _) => {
            schema.get("items").map_or_else(|| json!([]), |items| json!([sample(items, schemas, depth + 1)]))
        }
        ("string", Some("uuid")) => json!("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"),
        ("string", Some("date-time")) => json!("2026-07-01T04:30:00.000Z"),
        ("string", Some("date")) => json!("2026-07-01"),
        ("string", Some("email")) => json!("officer@demo.innovation.gov.bd"),
        ("string", _) => json!("text"),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        ("boolean", _) => json!(false),
        _ => Value::Null,
    }
}
