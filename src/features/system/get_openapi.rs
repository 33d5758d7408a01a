//! The document that describes everything here.

use actix_web::{HttpResponse, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::web::{Answer, Call};

/// An OpenAPI 3.1 document.
#[derive(Serialize, ToSchema)]
pub struct OpenApiView {
    /// The version of the specification.
    #[schema(max_length = 10, example = "3.1.0")]
    pub openapi: String,
}

/// Read the OpenAPI document.
///
/// The same as `openapi/openapi.json` in the repository and as `innovation-pilots openapi` prints.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "System", responses((status = 200, description = "The document.", body = OpenApiView)))]
pub async fn get_openapi(call: Call) -> Answer {
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(call.state.document.clone()))
}
