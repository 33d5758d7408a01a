//! Bodies and parameters are checked against the very schemas that the OpenAPI document publishes, so the two cannot
//! drift apart, and all that is wrong is found at once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::NaiveDate;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::published::SchemaText;
use crate::platform::{
    clock::Timestamp,
    error::{
        AppError,
        violations::{Violation, translate},
    },
};

/// Compiled validators of the document's schemas, made when first needed.
pub struct SchemaRegistry {
    published: HashMap<String, SchemaText>,
    compiled: RwLock<HashMap<String, Arc<Validator>>>,
}

impl SchemaRegistry {
    /// Over the schemas of a document.
    pub fn new(published: HashMap<String, SchemaText>) -> Self {
        Self { published, compiled: RwLock::default() }
    }

    /// Everything that is wrong with `value` by the component schema `name`.
    ///
    /// # Errors
    /// When the document has no such schema: a fault of ours.
    pub fn violations(&self, name: &str, value: &Value) -> Result<Vec<Violation>, AppError> {
        self.violations_of(name, || self.with_all_it_names(name, &Map::new()), value)
    }

    /// The same for a Rust type. One that no operation names, such as what a merge patch must leave behind, is not in
    /// the document and is taken from the type itself.
    ///
    /// # Errors
    /// When the schema cannot be compiled: a fault of ours.
    pub fn violations_as<T: ToSchema>(&self, value: &Value) -> Result<Vec<Violation>, AppError> {
        let name = T::name();
        if self.published.contains_key(name.as_ref()) {
            return self.violations(&name, value);
        }
        let schema = || {
            let mut parts = vec![(name.to_string(), T::schema())];
            T::schemas(&mut parts);
            let unpublished = parts.into_iter().map(|(part, schema)| (part, json!(schema))).collect();
            self.with_all_it_names(&name, &unpublished)
        };
        self.violations_of(&format!("unpublished {name}"), schema, value)
    }

    /// A schema with those that it refers to, however far away, and no others: a validator keeps all it is given.
    fn with_all_it_names(&self, name: &str, unpublished: &Map<String, Value>) -> Value {
        let (mut schemas, mut asked) = (Map::new(), vec![name.to_owned()]);
        while let Some(name) = asked.pop() {
            if schemas.contains_key(&name) {
                continue;
            }
            let published = self.published.get(&name).map(SchemaText::value);
            if let Some(schema) = published.or_else(|| unpublished.get(&name).cloned()) {
                references(&schema, &mut asked);
                schemas.insert(name, schema);
            }
        }
        json!({"$ref": format!("{COMPONENT}{name}"), "components": {"schemas": schemas}})
    }

    /// Everything that is wrong with `value` by the schema that `schema` builds; `key` is its name in the cache.
    ///
    /// # Errors
    /// When the schema cannot be compiled: a fault of ours.
    pub fn violations_of(
        &self,
        key: &str,
        schema: impl FnOnce() -> Value,
        value: &Value,
    ) -> Result<Vec<Violation>, AppError> {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        let validator = match known {
            Some(validator) => validator,
            None => {
                let built = jsonschema::options()
                    .with_draft(jsonschema::Draft::Draft202012)
                    .should_validate_formats(true)
                    // As it is read afterwards.
                    .with_format("date-time", |text: &str| Timestamp::parse(text).is_some())
                    .with_format("date", is_full_date)
                    .build(&schema())
                    .map_err(|error| AppError::internal(format!("schema {key}: {error}")))?;
                let built = Arc::new(built);
                self.compiled
                    .write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key.to_owned(), Arc::clone(&built));
                built
            }
        };
        let mut found = Vec::new();
        if !validator.is_valid(value) {
            validator.iter_errors(value).for_each(|error| translate(&error, &mut found));
        }
        Ok(found)
    }
}

/// RFC 3339's `full-date`: `chrono` also reads a sign before the year.
fn is_full_date(text: &str) -> bool {
    text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit()) && text.parse::<NaiveDate>().is_ok()
}

const COMPONENT: &str = "#/components/schemas/";

/// The names of the components that a schema refers to.
fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            let named = object.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix(COMPONENT));
            found.extend(named.map(str::to_owned));
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}
