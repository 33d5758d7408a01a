//! What is answered when the house is full, before anything is done for the request. Thousands may have to be told so each
//! second, and what that takes is taken from those who are served: so the text is made once.

use std::sync::LazyLock;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
};

use super::{call::RoutePattern, meta::RequestMeta};
use crate::platform::{
    error::{
        AppError, ErrorCode,
        problem::{PROBLEM_JSON, Problem},
    },
    text::Language,
};

/// Marks a request that found no place.
pub(super) struct Full;

const RETRY_AFTER_SECONDS: i64 = 1;

fn refusal() -> AppError {
    AppError::new(ErrorCode::Overloaded).retry_after(RETRY_AFTER_SECONDS).detail(
        "More is asked than can be served at the moment. Nothing was changed.",
        "এই মুহূর্তে অনুরোধের সংখ্যা ধারণক্ষমতার বেশি। কিছুই পরিবর্তন হয়নি।",
    )
}

/// A problem document in two parts, with the request id between them.
struct Text(String, String);

impl Text {
    fn of(language: Language) -> Self {
        const ID: &str = "the-request-id";
        let text = serde_json::to_string(&Problem::new(&refusal(), ID, language)).unwrap_or_default();
        let (before, after) = text.split_once(ID).unwrap_or_default();
        Self(before.to_owned(), after.to_owned())
    }
}

static ENGLISH: LazyLock<Text> = LazyLock::new(|| Text::of(Language::En));
static BANGLA: LazyLock<Text> = LazyLock::new(|| Text::of(Language::Bn));

/// The answer to a caller that is not a page in a browser.
pub(super) fn answer(request: ServiceRequest, meta: &RequestMeta) -> ServiceResponse<BoxBody> {
    let Text(before, after) = match meta.language {
        Language::Bn => &*BANGLA,
        Language::En => &*ENGLISH,
    };
    let response = HttpResponse::ServiceUnavailable()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header((header::RETRY_AFTER, RETRY_AFTER_SECONDS))
        .content_type(PROBLEM_JSON)
        .body([before.as_str(), &meta.request_id, after].concat());
    request.into_response(response)
}

/// Turns away what the edge marked: a page in a browser is shown the answer only with the headers of the CORS layer.
///
/// # Errors
/// Those of the inner service.
pub async fn gate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.extensions().contains::<Full>() {
        // Which operation it would have been is not worth looking for now.
        request.extensions_mut().insert(RoutePattern("unmatched".to_owned()));
        return Ok(request.error_response(refusal()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}
