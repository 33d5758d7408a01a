//! Examples of bodies, taken out of their schemas.

use serde_json::{Map, Value, json};

/// An example for each media type that has none of its own.
pub(super) fn add_examples(content: &mut Value, schemas: &Map<String, Value>) {
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
