//! What makes the schemas of the document say all that is enforced, in the places where generators of clients look.

use serde_json::{Map, Value};

use crate::platform::text::{PLAIN, PLAIN_LINE, PLAIN_NOT_BLANK};

/// The characters that no text may hold, as a pattern, where the schema has no narrower one.
pub fn forbid_characters(fields: &mut Map<String, Value>) {
    if ["enum", "format", "const"].iter().any(|bound| fields.contains_key(*bound)) {
        return;
    }
    let pattern = match fields.get("pattern").and_then(Value::as_str) {
        None => PLAIN,
        Some(r"\S") => PLAIN_NOT_BLANK,
        Some(r"^\S(.*\S)?$") => PLAIN_LINE,
        Some(_) => return,
    };
    fields.insert("pattern".into(), pattern.into());
}

/// The members of a patch are those of the content, and mean the same.
pub fn describe_patches(schemas: &mut Map<String, Value>) {
    let contents = schemas.clone();
    for (name, patch) in schemas {
        let content = name.strip_suffix("Patch").and_then(|stem| contents.get(&format!("{stem}Content")));
        let Some(fields) = patch.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        for (name, field) in fields.iter_mut().filter(|(_, field)| field.get("description").is_none()) {
            let meaning = content.and_then(|content| content.get("properties")?.get(name)?.get("description"));
            if let (Some(meaning), Value::Object(field)) = (meaning, field) {
                field.insert("description".into(), meaning.clone());
            }
        }
    }
}

/// utoipa describes an optional object inside "the object or null", where no generator of clients looks.
pub fn raise_description(fields: &mut Map<String, Value>) {
    let branches = fields.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten();
    let mut found = branches.filter_map(Value::as_object_mut).filter(|branch| branch.contains_key("$ref"));
    if let (Some(branch), None) = (found.next(), found.next())
        && let Some(description) = branch.remove("description")
    {
        fields.entry("description").or_insert(description);
    }
}

/// Nothing, nothing in it, or nothing in any of its fields.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}
