//! Bodies and parameters are checked against the very schemas that the OpenAPI document publishes, so the two cannot
//! drift apart, and all that is wrong is found at once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use jsonschema::Validator;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::platform::error::{
    AppError,
    violations::{Violation, translate},
};

/// Compiled validators of the document's schemas, made when first needed.
pub struct SchemaRegistry {
    document: Arc<Value>,
    compiled: RwLock<HashMap<String, Arc<Validator>>>,
}

impl SchemaRegistry {
    /// Over the schemas of a document.
    pub fn new(document: Arc<Value>) -> Self {
        Self { document, compiled: RwLock::default() }
    }

    /// Everything that is wrong with `value` by the component schema `name`.
    ///
    /// # Errors
    /// When the document has no such schema: a fault of ours.
    pub fn violations(&self, name: &str, value: &Value) -> Result<Vec<Violation>, AppError> {
        let schema =
            || json!({"$ref": format!("#/components/schemas/{name}"), "components": self.document.get("components")});
        self.violations_of(name, schema, value)
    }

    /// The same for a Rust type. One that no operation names, such as what a merge patch must leave behind, is not in
    /// the document and is taken from the type itself.
    ///
    /// # Errors
    /// When the schema cannot be compiled: a fault of ours.
    pub fn violations_as<T: ToSchema>(&self, value: &Value) -> Result<Vec<Violation>, AppError> {
        let name = T::name();
        let published = self.document.pointer("/components/schemas");
        if published.is_some_and(|schemas| schemas.get(name.as_ref()).is_some()) {
            return self.violations(&name, value);
        }
        let schema = || {
            let mut parts = vec![(name.to_string(), T::schema())];
            T::schemas(&mut parts);
            let mut schemas = published.and_then(Value::as_object).cloned().unwrap_or_default();
            for (part, schema) in parts {
                schemas.entry(part).or_insert_with(|| json!(schema));
            }
            json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas}})
        };
        self.violations_of(&format!("unpublished {name}"), schema, value)
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
