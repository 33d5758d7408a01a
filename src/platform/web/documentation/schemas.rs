//! The schemas of the document: all that operations name, with bounds on every text and list.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::platform::{
    error::problem::{ErrorParams, Problem, ProblemItem},
    web::{
        operation::Operation,
        readable_schemas::{forbid_characters, is_empty, raise_description},
    },
};

/// The longest text and list where a schema names no other bound.
const LONGEST_TEXT: u64 = 5000;
const LONGEST_LIST: u64 = 200;

/// All of them, by name.
pub(super) fn components(operations: &[Operation]) -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut all: Vec<(String, Value)> = operations
        .iter()
        .flat_map(|operation| operation.schemas.iter())
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
pub(super) fn input_names(operations: &[Operation], schemas: &Map<String, Value>) -> Vec<String> {
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
pub(super) fn complete_schema(schema: &mut Value, is_input: bool) {
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

/// A parameter is there or not; null is nothing that a query string could say.
pub(super) fn not_null(schema: &mut Value) {
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
