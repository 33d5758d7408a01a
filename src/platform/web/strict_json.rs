//! JSON as we accept it: no key twice, no number that changes when read, text in normal form.

use std::{collections::HashSet, fmt};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::platform::{
    error::{AppError, ErrorCode, FieldError, violations::escape},
    text::{has_forbidden_character, normalise},
};

/// Reads a body.
///
/// # Errors
/// `MalformedBody` when it is not JSON, is not UTF-8, nests deeper than 128, repeats a key or holds a lone surrogate.
pub fn parse(bytes: &[u8]) -> Result<Value, AppError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = match error.to_string() {
            text if text.starts_with("duplicate key") => ("a key stands there twice", "একটি কী দুবার আছে"),
            text if text.starts_with("recursion limit") => ("it nests too deep", "এটি অতিরিক্ত গভীর"),
            text if text.starts_with("number out of range") => ("a number is out of range", "একটি সংখ্যা সীমার বাইরে"),
            _ => ("it is not valid JSON", "এটি সঠিক JSON নয়"),
        };
        AppError::new(ErrorCode::MalformedBody).detail(
            format!("The body cannot be read at line {line}, column {column}: {}.", what.0),
            format!("{line} নম্বর লাইনের {column} নম্বর স্থানে সমস্যা: {}।", what.1),
        )
    })
}

/// Brings all text into normal form and whole numbers into integers, and finds forbidden characters.
pub fn clean(value: &mut Value) -> Vec<FieldError> {
    let mut found = Vec::new();
    walk(value, &mut String::new(), &mut found);
    found
}

fn walk(value: &mut Value, pointer: &mut String, found: &mut Vec<FieldError>) {
    match value {
        Value::String(text) => {
            // First, since it turns the line ends of other systems, which are control characters, into ours.
            *text = normalise(std::mem::take(text));
            if has_forbidden_character(text) {
                found.push(FieldError::body(
                    pointer.clone(),
                    "control_character",
                    "This holds a control character.",
                    "এতে নিয়ন্ত্রণ অক্ষর আছে।",
                ));
            }
        }
        // 2.0 is the integer 2 to a JSON schema, so it has to be one for us.
        Value::Number(number) => {
            if let Some(whole) = number.as_f64().filter(|_| number.is_f64()).and_then(whole) {
                *number = Number::from(whole);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                within(pointer, &index.to_string(), |pointer| walk(item, pointer, found));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if has_forbidden_character(name) {
                    found.push(FieldError::body(
                        pointer.clone(),
                        "control_character",
                        "A field name holds a control character.",
                        "একটি ঘরের নামে নিয়ন্ত্রণ অক্ষর আছে।",
                    ));
                    continue;
                }
                within(pointer, &escape(name), |pointer| walk(field, pointer, found));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The integer that a float is, if it is one and exact.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "the bounds make it exact")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

fn within(pointer: &mut String, token: &str, work: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(token);
    work(pointer);
    pointer.truncate(length);
}

/// Builds a [`Value`] and refuses a key that stands twice.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut seen = HashSet::new();
        let mut object = Map::new();
        while let Some(Name(name)) = entries.next_key()? {
            let value = entries.next_value_seed(self)?;
            if !seen.insert(name.clone()) {
                return Err(de::Error::custom("duplicate key"));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_parsers_let_through_is_refused() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"b":1,"b":1}}"#,
            r#""\ud800""#,
            &deep,
            "",
            "{} {}",
            "1e999",
            "NaN",
            "\u{feff}{}",
        ] {
            assert!(parse(text.as_bytes()).is_err_and(|error| error.code == ErrorCode::MalformedBody), "{text}");
        }
        assert!(parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn text_is_normalised_and_controls_are_found() {
        let mut value = parse(br#"{"a":["e\u0301","x\u0000"],"n":2.0,"big":1e30}"#).unwrap_or_default();
        let found = clean(&mut value);
        assert_eq!(value.pointer("/a/0").and_then(Value::as_str), Some("é"));
        assert_eq!(value.get("n").and_then(Value::as_i64), Some(2));
        assert_eq!(value.get("big").and_then(Value::as_i64), None);
        assert_eq!(found.len(), 1);
    }
}
