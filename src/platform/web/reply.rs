//! Answers, before they are HTTP: what a rule returns from inside its transaction, and what a retry gets again.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::preconditions::{Tags, etag};
use crate::platform::error::AppError;

/// A successful answer. Its body can only be of a type that is described in the OpenAPI document.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Where a new record is found.
    pub location: Option<String>,
    /// The entity tag of the record.
    pub etag: Option<String>,
    /// The next page.
    pub next: Option<String>,
    /// The JSON text; empty for 204.
    pub body: String,
    /// What a retry gets instead of `body`, when that holds a secret.
    pub body_for_retries: Option<String>,
    /// It was kept from an earlier, identical request.
    pub replayed: bool,
    /// It holds secrets and must not be stored by anyone.
    pub no_store: bool,
}

fn json(view: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(view).map_err(AppError::internal)
}

impl Reply {
    /// 200 with a record at a version.
    ///
    /// # Errors
    /// When the view cannot be written as JSON: a fault of ours.
    pub fn record<V: Serialize + ToSchema>(version: i64, view: &V) -> Result<Self, AppError> {
        Ok(Self { etag: Some(etag(version)), ..Self::ok(view)? })
    }

    /// 200 with something that has no version.
    ///
    /// # Errors
    /// As [`Reply::record`].
    pub fn ok<V: Serialize + ToSchema>(view: &V) -> Result<Self, AppError> {
        Ok(Self { status: 200, body: json(view)?, ..Self::default() })
    }

    /// 201 with a new record.
    ///
    /// # Errors
    /// As [`Reply::record`].
    pub fn created<V: Serialize + ToSchema>(location: String, version: i64, view: &V) -> Result<Self, AppError> {
        Ok(Self { status: 201, location: Some(location), ..Self::record(version, view)? })
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, ..Self::default() }
    }

    /// The same, for bodies that hold secrets.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.no_store = true;
        self
    }

    /// The same, and a retry of the request gets `view` instead, so that no secret lies in the store of answers.
    ///
    /// # Errors
    /// As [`Reply::record`].
    pub fn secret_once<V: Serialize + ToSchema>(mut self, view: &V) -> Result<Self, AppError> {
        self.body_for_retries = Some(json(view)?);
        Ok(self.secret())
    }

    /// As HTTP; 304 when the caller already has this version.
    pub fn into_response(self, if_none_match: Option<&Tags>) -> HttpResponse {
        let mut response = HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        response.insert_header((header::CACHE_CONTROL, if self.no_store { "no-store" } else { "private, no-cache" }));
        if let Some(etag) = &self.etag {
            response.insert_header((header::ETAG, etag.as_str()));
        }
        if let (Some(etag), Some(tags)) = (&self.etag, if_none_match)
            && tags.matches(etag)
        {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        if let Some(location) = &self.location {
            response.insert_header((header::LOCATION, location.as_str()));
        }
        if let Some(next) = &self.next {
            response.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
        }
        if self.replayed {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        if self.status == 204 {
            return response.finish();
        }
        response.content_type("application/json").body(self.body)
    }
}
