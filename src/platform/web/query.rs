//! Query parameters, checked against the operation's own declaration: unknown, repeated, malformed, all at once.

use serde_json::{Map, Value, json};

use super::{
    operation::{OperationInfo, ParameterKind},
    schemas::SchemaRegistry,
};
use crate::platform::{
    error::{AppError, ErrorCode, FieldError, Place},
    text::{has_forbidden_character, normalise},
};

/// The decoded pairs of a query string, in order. `+` is a space, as forms have it.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (byte == b'%').then(|| Some((hex_digit(ahead.next()?)?, hex_digit(ahead.next()?)?))).flatten();
        match (byte, digits) {
            (_, Some((high, low))) => {
                bytes.push(high * 16 + low);
                rest = ahead;
            }
            (b'+', None) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// The percent-encoding of one name or value.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The parameters as a JSON object of the declared types.
///
/// # Errors
/// `InvalidParameters` naming every parameter that is unknown, repeated or breaks its schema.
pub fn check(
    operation: &OperationInfo,
    schemas: &SchemaRegistry,
    pairs: &[(String, String)],
) -> Result<Value, AppError> {
    if pairs.is_empty() && operation.required_parameters.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let mut object = Map::new();
    let mut errors = Vec::new();
    for (name, text) in pairs {
        let Some(parameter) = operation.parameters.iter().find(|parameter| parameter.name == *name) else {
            errors.push(FieldError::parameter(
                name.clone(),
                "unknown_parameter",
                "There is no such parameter.",
                "এমন কোনো প্যারামিটার নেই।",
            ));
            continue;
        };
        if object.contains_key(name) {
            errors.push(FieldError::parameter(
                name.clone(),
                "repeated_parameter",
                "This may stand there once; separate several values by commas.",
                "এটি একবারই দেওয়া যাবে; একাধিক মান কমা দিয়ে আলাদা করুন।",
            ));
            continue;
        }
        let text = normalise(text.clone());
        if has_forbidden_character(&text) {
            errors.push(FieldError::parameter(
                name.clone(),
                "control_character",
                "This holds a control character.",
                "এতে নিয়ন্ত্রণ অক্ষর আছে।",
            ));
        }
        object.insert(name.clone(), typed(&parameter.kind, text));
    }
    let value = Value::Object(object);
    let schema = || {
        let properties: Map<String, Value> =
            operation.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.schema.value())).collect();
        json!({"type": "object", "properties": properties, "required": operation.required_parameters})
    };
    for violation in schemas.violations_of(&format!("query of {}", operation.id), schema, &value)? {
        let name = violation.pointer.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        if !errors.iter().any(|error| error.place == Place::Parameter(name.clone())) {
            errors.push(violation.at(Place::Parameter(name)));
        }
    }
    if errors.is_empty() { Ok(value) } else { Err(AppError::new(ErrorCode::InvalidParameters).errors(errors)) }
}

/// A text that does not read as its declared type stays text, and then breaks the schema's `type`.
fn typed(kind: &ParameterKind, text: String) -> Value {
    match kind {
        ParameterKind::Text => Value::String(text),
        ParameterKind::Integer => text.parse::<i64>().map_or(Value::String(text), Value::from),
        ParameterKind::Boolean => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        },
        ParameterKind::List(item) => text.split(',').map(|part| typed(item, part.to_owned())).collect(),
    }
}

/// The schema of a parameter that is one of some words, such as an order: what is refused names them.
pub fn one_of(words: &[&str], default: &str, description: &str) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    utoipa::openapi::schema::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(words.iter().copied()))
        .default(Some(json!(default)))
        .description(Some(description))
        .build()
        .into()
}

/// Declares the query type of an operation that is no list.
macro_rules! query_type {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }
    };
}
pub(crate) use query_type;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_and_plus_are_decoded_and_broken_escapes_kept() {
        let decoded = pairs("q=%E0%A6%AA+x&a=1%2&b&=c");
        let expected = [("q", "প x"), ("a", "1%2"), ("b", ""), ("", "c")];
        assert_eq!(decoded, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(decode(&encode("ক/খ?&=")), "ক/খ?&=");
    }
}
