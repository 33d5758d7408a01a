//! Swagger UI at `/docs/`, reading the document that this server serves.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header::{ContentEncoding, LOCATION},
    web::{self, Path, ServiceConfig},
};
use utoipa_swagger_ui::{Config, serve};

use crate::platform::{error::AppError, web::read_only};

/// Its pages.
pub fn docs(config: &mut ServiceConfig) {
    let settings = web::Data::new(Config::from("/v1/openapi.json"));
    config.service(read_only("/docs", || web::to(to_the_front)));
    config.service(read_only("/docs/{file:.*}", || web::to(file)).app_data(settings));
}

async fn to_the_front() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn file(name: Path<String>, settings: web::Data<Config<'static>>) -> Result<HttpResponse, AppError> {
    let found = serve(&name, Arc::clone(&settings)).map_err(AppError::internal)?.ok_or_else(AppError::not_found)?;
    let mut response = HttpResponse::Ok();
    if found.gzpipped {
        response.insert_header(ContentEncoding::Gzip);
    }
    Ok(response.content_type(found.content_type).body(found.bytes.into_owned()))
}
