//! Health, keys, metrics, the OpenAPI document and Swagger UI.

mod docs;
mod get_health;
mod get_jwks;
mod get_openapi;
mod get_readiness;
mod metrics;

pub use docs::docs;
pub use metrics::{MetricsAccess, metrics, metrics_server};

use crate::platform::web::{Operation, operations};

/// `GET /healthz`, `GET /readyz`, `GET /.well-known/jwks.json`, `GET /v1/openapi.json`.
pub fn operations() -> Vec<Operation> {
    operations! { get_health: get_health; get_readiness: get_readiness; get_jwks: get_jwks; get_openapi: get_openapi }
}
