//! What a running server needs of the OpenAPI document: the parameters of each operation and the schemas of bodies.

use std::collections::HashMap;

use actix_web::http::Method;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// These parts of the document; the rest is passed over, since the whole as a tree would be ten times its text.
#[derive(Deserialize)]
pub struct Published {
    paths: HashMap<String, HashMap<String, PublishedOperation>>,
    components: Components,
}

#[derive(Deserialize)]
struct PublishedOperation {
    #[serde(default)]
    parameters: Vec<Declared>,
}

#[derive(Deserialize)]
struct Components {
    schemas: HashMap<String, SchemaText>,
}

/// A parameter as an operation declares it: by itself, or by a reference to a shared one.
#[derive(Deserialize)]
pub struct Declared {
    /// Where the shared one is; empty for one of its own.
    #[serde(default, rename = "$ref")]
    pub reference: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Where it stands: `query`, `path` or `header`.
    #[serde(default, rename = "in")]
    pub place: String,
    /// Whether a request cannot do without it.
    #[serde(default)]
    pub required: bool,
    /// What it may hold.
    #[serde(default)]
    pub schema: SchemaText,
}

impl Published {
    /// The parameters of an operation.
    pub fn declared(&self, path: &str, method: &Method) -> &[Declared] {
        let operation = self.paths.get(path).and_then(|item| item.get(&method.as_str().to_ascii_lowercase()));
        operation.map_or(&[], |operation| &operation.parameters)
    }

    /// The schemas, by name.
    pub fn into_schemas(self) -> HashMap<String, SchemaText> {
        self.components.schemas
    }
}

/// A schema as its text: as a tree it would take several times the room, and few are ever asked for.
#[derive(Clone, Debug, Default)]
pub struct SchemaText(Box<str>);

impl SchemaText {
    /// As a tree.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for SchemaText {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(text)?.to_string().into()))
    }
}
