//! The outermost layer: request ids, the log line, security headers, and problem documents for every refusal.

use std::time::{Duration, Instant};

use actix_cors::CorsError;
use actix_web::{
    Error, HttpMessage, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use tracing::Instrument;

use super::{
    AppState,
    call::RoutePattern,
    full_house::{self, Full},
    in_flight::is_probe,
    limits::LimitHeaders,
    meta::{Principal, RequestMeta},
};
use crate::platform::{
    error::{
        AppError, Cause, ErrorCode,
        problem::{PROBLEM_JSON, Problem},
    },
    metrics::Metrics,
    telemetry,
};

/// Smaller bodies are not worth compressing.
const WORTH_COMPRESSING: u64 = 1024;

/// Only the status matters here: the body is written by [`edge`], which knows the language and the request id.
impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// Surrounds everything else.
///
/// # Errors
/// Those of the layers between, which have none: handlers' errors arrive here as responses.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let begun = Instant::now();
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let mut meta = RequestMeta::of(&request, state.as_ref().map_or(&[], |state| state.trusted_proxies.as_slice()));
    let method = request.method().clone();
    let place = state.as_ref().filter(|_| !is_probe(request.path())).map(|state| (state, state.in_flight.enter()));
    if let Some((state, None)) = &place {
        if !request.headers().contains_key(header::ORIGIN) {
            return Ok(turn_away(request, state, &method, &meta, begun).await);
        }
        request.extensions_mut().insert(Full);
    }
    let traceparent = request.headers().get("traceparent").filter(|_| meta.trace_id.is_some());
    let span = telemetry::request_span(method.as_str(), traceparent.and_then(|value| value.to_str().ok()));
    meta.trace_id = telemetry::trace_id(&span).or(meta.trace_id);
    request.extensions_mut().insert(meta.clone());
    let response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    if response.status().is_client_error() || response.status().is_server_error() {
        pass_over_body().await;
    }
    let taken = response.request().extensions_mut().remove::<RoutePattern>().map(|RoutePattern(pattern)| pattern);
    let pattern = taken.or_else(|| response.request().match_pattern()).unwrap_or_else(|| "unmatched".to_owned());
    let operation = state.as_ref().and_then(|state| state.operations.find(&method, &pattern)).map(|found| found.id);
    let mut response = explain(response, &meta, state.as_ref().map(|state| &state.metrics));
    let (limits, principal) = {
        let facts = response.request().extensions();
        (facts.get::<LimitHeaders>().cloned(), facts.get::<Principal>().copied())
    };
    let headers = response.headers_mut();
    if let Some(limits) = limits {
        limits.write(headers);
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
    decorate(headers, &meta, &pattern);
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    if let Some(state) = &state {
        state.metrics.answered(operation, status, elapsed);
    }
    telemetry::describe(&span, operation.unwrap_or("unmatched"), &pattern, status, &meta.request_id);
    log(&method, operation, &pattern, (status, elapsed), principal, &meta);
    Ok(response)
}

/// The shortest way out, for when the house is full: no span, and none of the layers between.
async fn turn_away(
    request: ServiceRequest,
    state: &AppState,
    method: &Method,
    meta: &RequestMeta,
    begun: Instant,
) -> ServiceResponse<BoxBody> {
    const PATTERN: &str = "unmatched";
    let mut response = full_house::answer(request, meta);
    pass_over_body().await;
    decorate(response.headers_mut(), meta, PATTERN);
    let (status, elapsed) = (response.status().as_u16(), begun.elapsed());
    state.metrics.refused(ErrorCode::Overloaded);
    state.metrics.answered(None, status, elapsed);
    log(method, None, PATTERN, (status, elapsed), None, meta);
    response
}

/// Who is refused before anything was waited for has a body that nobody looked at. It has mostly come along with the head;
/// unless actix gets the time to pass over it, it closes the connection, and the caller has to open another.
async fn pass_over_body() {
    tokio::task::yield_now().await;
}

/// The line of a request in the log.
fn log(
    method: &Method,
    operation: Option<&str>,
    pattern: &str,
    (status, elapsed): (u16, Duration),
    principal: Option<Principal>,
    meta: &RequestMeta,
) {
    tracing::info!(
        target: "http",
        %method,
        operation,
        route = pattern,
        status,
        ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3,
        principal = principal.map(|Principal(id)| tracing::field::display(id)),
        request_id = meta.request_id,
        trace_id = meta.trace_id,
        address = meta.address.map(|address| address.to_string()),
    );
}

/// Keeps the compressor away from small bodies, which grow by it. [`edge`] takes the mark off again.
///
/// # Errors
/// Those of the inner service.
pub async fn spare_small_bodies(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut response = next.call(request).await?.map_into_boxed_body();
    let small = match response.response().body().size() {
        BodySize::None => true,
        BodySize::Sized(length) => length < WORTH_COMPRESSING,
        BodySize::Stream => false,
    };
    if small && !response.headers().contains_key(header::CONTENT_ENCODING) {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(response)
}

/// Turns every refusal into a problem document, those of the framework included.
fn explain(
    response: ServiceResponse<BoxBody>,
    meta: &RequestMeta,
    metrics: Option<&Metrics>,
) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let described = response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == PROBLEM_JSON);
    if !status.is_client_error() && !status.is_server_error() || described {
        return response;
    }
    let known = response.response().error().and_then(|error| error.as_error::<AppError>()).cloned();
    let preflight = response.response().error().and_then(|error| error.as_error::<CorsError>());
    let error = known
        .or_else(|| preflight.map(from_preflight))
        .unwrap_or_else(|| from_status(status, response.response().error()));
    if let Cause::Internal(cause) | Cause::Retry(cause) = &error.cause {
        tracing::error!(request_id = meta.request_id, code = error.code.as_str(), cause, "a request failed");
    }
    if let Some(metrics) = metrics {
        metrics.refused(error.code);
    }
    let mut explained = HttpResponse::build(StatusCode::from_u16(error.code.status()).unwrap_or(status));
    explained.insert_header((header::CACHE_CONTROL, "no-store"));
    explained.insert_header((header::VARY, "Accept-Language"));
    if let Some(seconds) = error.retry_after {
        explained.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    match error.code {
        ErrorCode::Unauthenticated => {
            explained.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"innovation-pilots\""))
        }
        ErrorCode::InvalidToken | ErrorCode::InvalidApiKey => explained
            .insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"innovation-pilots\", error=\"invalid_token\"")),
        code if code.status() == 401 => explained
            .insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"innovation-pilots\", error=\"invalid_grant\"")),
        _ => &mut explained,
    };
    if let Some(allow) = response.headers().get(header::ALLOW) {
        explained.insert_header((header::ALLOW, allow.clone()));
    }
    let problem = Problem::new(&error, &meta.request_id, meta.language);
    let body = serde_json::to_string(&problem).unwrap_or_default();
    let (request, old) = response.into_parts();
    let mut explained = explained.content_type(PROBLEM_JSON).body(body);
    for (name, value) in old.headers() {
        if name.as_str().starts_with("access-control-") {
            explained.headers_mut().insert(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, explained)
}

/// A refusal of the framework's, which has nothing but a status.
fn from_status(status: StatusCode, cause: Option<&Error>) -> AppError {
    let code = match status.as_u16() {
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        408 => ErrorCode::RequestTimeout,
        413 => ErrorCode::BodyTooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        400..=499 => ErrorCode::BadRequest,
        _ => return AppError::internal(cause.map_or_else(|| status.to_string(), ToString::to_string)),
    };
    AppError::new(code)
}

/// What a browser asked beforehand and may not do. It shows nothing of this to the page; whoever writes the page reads it
/// in the browser's tools.
fn from_preflight(refusal: &CorsError) -> AppError {
    let (en, bn) = match refusal {
        CorsError::OriginNotAllowed | CorsError::MissingOrigin => (
            "Pages of this origin may not call this API from a browser. Whoever runs it adds origins to `server.cors_origins`.",
            "এই উৎসের পাতা ব্রাউজার থেকে এই API ব্যবহার করতে পারে না। পরিচালনাকারী `server.cors_origins`-এ উৎস যোগ করতে পারেন।",
        ),
        CorsError::MethodNotAllowed | CorsError::MissingRequestMethod | CorsError::BadRequestMethod => (
            "A browser may send GET, HEAD, POST, PATCH and DELETE here; `Access-Control-Request-Method` names none of them.",
            "এখানে ব্রাউজার থেকে GET, HEAD, POST, PATCH ও DELETE চলে; `Access-Control-Request-Method`-এ এর কোনোটি নেই।",
        ),
        _ => (
            "`Access-Control-Request-Headers` names a header that pages may not send here.",
            "`Access-Control-Request-Headers`-এ এমন হেডার আছে যা পাতা থেকে এখানে পাঠানো যায় না।",
        ),
    };
    AppError::new(ErrorCode::OriginNotAllowed).detail(en, bn)
}

fn decorate(headers: &mut HeaderMap, meta: &RequestMeta, pattern: &str) {
    if let Ok(value) = HeaderValue::from_str(&meta.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Swagger UI brings its own scripts and styles; nothing else here is ever shown by a browser.
    let policy = if pattern.starts_with("/docs") {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else if pattern.ends_with("/content") {
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}
