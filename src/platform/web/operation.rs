//! An operation of the API: its handler, its route and its description, from one place.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use actix_web::{Route, http::Method};
use serde_json::Value;
use utoipa::openapi::{HttpMethod, RefOr, path, schema::Schema};

use super::{
    limits::LimitClass,
    published::{Declared, Published, SchemaText},
};
use crate::platform::auth::{Permission, ScopeNeed, Who};

/// What `#[utoipa::path]` knows of a handler, together with the handler.
pub struct Operation {
    /// The `operationId`, which is the handler's name.
    pub id: &'static str,
    /// The path, with `{…}` parts.
    pub path: String,
    /// Its method.
    pub method: Method,
    /// The part of the API that it belongs to.
    pub tag: String,
    /// Its description. Only who makes the document asks for it, so a release never does.
    pub description: Made<path::Operation>,
    /// The schemas it refers to, likewise.
    pub schemas: Made<Vec<(String, RefOr<Schema>)>>,
    /// Makes its route.
    pub route: fn() -> Route,
}

type Made<T> = LazyLock<T, fn() -> T>;

impl Operation {
    /// From the type that `#[utoipa::path]` makes beside the handler.
    pub fn new<P: utoipa::Path + utoipa::__dev::SchemaReferences + for<'t> utoipa::__dev::Tags<'t>>(
        id: &'static str,
        route: fn() -> Route,
    ) -> Self {
        let method = match P::methods().into_iter().next() {
            Some(HttpMethod::Post) => Method::POST,
            Some(HttpMethod::Patch) => Method::PATCH,
            Some(HttpMethod::Delete) => Method::DELETE,
            _ => Method::GET,
        };
        let description: Made<path::Operation> = LazyLock::new(|| {
            let mut description = P::operation();
            description.tags = Some(P::tags().into_iter().map(str::to_owned).collect());
            description
        });
        let schemas: Made<Vec<_>> = LazyLock::new(|| {
            let mut schemas = Vec::new();
            P::schemas(&mut schemas);
            schemas
        });
        let tag = P::tags().first().copied().unwrap_or_default().to_owned();
        Self { id, path: P::path(), method, tag, description, schemas, route }
    }
}

impl Operation {
    /// Whether it says of itself that it moves money, by `extensions(("x-money-step" = json!(true)))`.
    pub fn moves_money(&self) -> bool {
        self.description.extensions.as_ref().is_some_and(|extensions| extensions.contains_key("x-money-step"))
    }

    /// Whether it says of itself that it changes a record which has a version, where neither its method nor its path tells:
    /// by `extensions(("x-changes-version" = json!(true)))`.
    pub fn changes_version(&self) -> bool {
        self.description.extensions.as_ref().is_some_and(|extensions| extensions.contains_key("x-changes-version"))
    }

    /// What it asks of an API key.
    pub fn scope_need(&self, permissions: &[Permission]) -> ScopeNeed {
        let lines: Vec<Permission> =
            permissions.iter().filter(|permission| permission.is_of(self.id)).copied().collect();
        ScopeNeed::of(&self.tag, self.method == Method::GET, &lines)
    }
}

/// What each line of the permission table asks of an API key, in the order of the lines; nothing is open to a key that
/// belongs to no operation.
pub fn line_scopes(operations: &[Operation], permissions: &[Permission]) -> Vec<ScopeNeed> {
    let needs: Vec<(&str, ScopeNeed)> =
        operations.iter().map(|operation| (operation.id, operation.scope_need(permissions))).collect();
    permissions
        .iter()
        .map(|line| needs.iter().find(|(id, _)| line.is_of(id)).map_or(ScopeNeed::Person, |(_, need)| need.clone()))
        .collect()
}

/// Lists the operations of a slice: `module: handler, handler; module: handler`.
macro_rules! operations {
    ($($module:ident: $($handler:ident),+);+ $(;)?) => {
        pastey::paste! {
            vec![$($($crate::platform::web::Operation::new::<$module::[<__path_ $handler>]>(
                stringify!($handler),
                || actix_web::web::to($module::$handler),
            ),)+)+]
        }
    };
}
pub(crate) use operations;

/// How the text of a query parameter is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// As it is.
    Text,
    /// As a whole number.
    Integer,
    /// As `true` or `false`.
    Boolean,
    /// As values between commas.
    List(Box<ParameterKind>),
}

/// A query parameter that an operation takes.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// How its text is read.
    pub kind: ParameterKind,
    /// What the document says of it.
    pub schema: SchemaText,
}

/// What a request needs to know of its operation.
#[derive(Debug)]
pub struct OperationInfo {
    /// The `operationId`.
    pub id: &'static str,
    /// Its lines of the permission table.
    pub permissions: Vec<Permission>,
    /// The query parameters it takes.
    pub parameters: Vec<Parameter>,
    /// Those it cannot do without.
    pub required_parameters: Vec<String>,
    /// How it is counted by the rate limits.
    pub limits: LimitClass,
    /// Whether it takes an `Idempotency-Key`.
    pub takes_idempotency_key: bool,
    /// Whether it takes an `If-Match`.
    pub takes_if_match: bool,
    /// What it asks of an API key.
    pub scope: ScopeNeed,
}

impl OperationInfo {
    /// Whether it answers strangers too.
    pub fn is_open(&self) -> bool {
        self.permissions.iter().any(|line| line.allowed.contains(&Who::Anyone))
    }
}

/// Finds the operation of a request.
#[derive(Default)]
pub struct OperationIndex {
    by_pattern: HashMap<String, Vec<(Method, Arc<OperationInfo>)>>,
}

impl OperationIndex {
    /// From the operations and the finished document, so that what is enforced is what is published.
    pub fn new(operations: &[Operation], permissions: &[Permission], document: &Published) -> Self {
        let mut index = Self::default();
        for operation in operations {
            let declared = document.declared(&operation.path, &operation.method);
            let queries = || declared.iter().filter(|parameter| parameter.place == "query");
            let has = |shared: &str| declared.iter().any(|it| it.reference.ends_with(shared));
            let info = OperationInfo {
                id: operation.id,
                scope: operation.scope_need(permissions),
                limits: LimitClass::of_path(&operation.path),
                permissions: permissions.iter().filter(|permission| permission.is_of(operation.id)).copied().collect(),
                required_parameters: queries().filter(|it| it.required).map(|it| it.name.clone()).collect(),
                parameters: queries().map(parameter).collect(),
                takes_idempotency_key: has("IdempotencyKey"),
                takes_if_match: has("IfMatch"),
            };
            index
                .by_pattern
                .entry(operation.path.clone())
                .or_default()
                .push((operation.method.clone(), Arc::new(info)));
        }
        index
    }

    /// The operation behind a method and a route pattern; HEAD is served by GET.
    pub fn find(&self, method: &Method, pattern: &str) -> Option<Arc<OperationInfo>> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.by_pattern.get(pattern)?.iter().find(|(known, _)| known == method).map(|(_, info)| Arc::clone(info))
    }
}

fn parameter(declared: &Declared) -> Parameter {
    Parameter { name: declared.name.clone(), kind: kind(&declared.schema.value()), schema: declared.schema.clone() }
}

fn kind(schema: &Value) -> ParameterKind {
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => ParameterKind::Integer,
        Some("boolean") => ParameterKind::Boolean,
        Some("array") => ParameterKind::List(Box::new(schema.get("items").map_or(ParameterKind::Text, kind))),
        _ => ParameterKind::Text,
    }
}
