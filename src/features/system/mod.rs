//! Health, keys, metrics, the OpenAPI document and Swagger UI.

mod get_health;
mod get_jwks;
mod get_openapi;
mod get_readiness;
mod metrics;

use actix_web::web::ServiceConfig;
pub use metrics::{MetricsAccess, metrics, metrics_server};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::platform::web::{Operation, operations};

/// `GET /healthz`, `GET /readyz`, `GET /.well-known/jwks.json`, `GET /v1/openapi.json`.
pub fn operations() -> Vec<Operation> {
    operations! { get_health: get_health; get_readiness: get_readiness; get_jwks: get_jwks; get_openapi: get_openapi }
}

/// Swagger UI at `/docs/`, reading the document that this server serves.
pub fn docs(config: &mut ServiceConfig) {
    config.route(
        "/docs",
        actix_web::web::get().to(async || {
            actix_web::HttpResponse::PermanentRedirect()
                .insert_header((actix_web::http::header::LOCATION, "/docs/"))
                .finish()
        }),
    );
    config.service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/v1/openapi.json")));
}
