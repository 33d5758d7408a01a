//! Finishes the OpenAPI document: what every operation has in common is written once, here, and not on each handler.

mod examples;
mod operations;
mod schemas;
mod shared;

use serde_json::{Map, Value, json};

use self::{
    operations::describe,
    schemas::{complete_schema, components, input_names},
    shared::{problem_responses, shared_headers, shared_parameters},
};
use super::{operation::Operation, readable_schemas::describe_patches};
use crate::platform::auth::{Permission, Scope, ScopeNeed};

/// The document of these operations. `head` has everything but paths and components.
pub fn document(head: Value, operations: &[Operation], permissions: &[Permission]) -> Value {
    let mut schemas = components(operations);
    let inputs = input_names(operations, &schemas);
    let scopes = scopes(operations, permissions);
    if let Some(schema) = schemas.get_mut(<Scope as utoipa::ToSchema>::name().as_ref()) {
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

fn put(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}

/// Adds a shared header by reference.
fn refer(headers: &mut Value, name: &str, shared: &str) {
    put(headers, name, json!({"$ref": format!("#/components/headers/{shared}")}));
}
