//! `/metrics`: not an operation of the API, but a page for the operator's Prometheus. Who may not read it gets 404.

use actix_web::{
    HttpRequest, HttpResponse,
    dev::Server,
    http::header,
    web::{self, ServiceConfig},
};

use crate::platform::{
    config::MetricsConfig,
    crypto::sha256_hex,
    error::AppError,
    metrics::Fact,
    web::{AppState, read_only},
};

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Who may read metrics on the main port.
pub struct MetricsAccess {
    /// A digest, so that comparing takes as long whatever was guessed.
    token_sha256: Option<String>,
    /// Anyone on this machine, for a look around.
    local: bool,
}

impl MetricsAccess {
    /// As configured; `local` opens the page to callers on this machine.
    pub fn new(config: &MetricsConfig, local: bool) -> Self {
        let token = config.token.as_deref().filter(|token| !token.is_empty());
        Self { token_sha256: token.map(|token| sha256_hex(token.as_bytes())), local }
    }

    fn admits(&self, request: &HttpRequest) -> bool {
        let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = sent.and_then(|value| value.strip_prefix("Bearer "));
        let knows_token = self
            .token_sha256
            .as_ref()
            .is_some_and(|expected| token.is_some_and(|token| sha256_hex(token.trim().as_bytes()) == *expected));
        // A proxy on this machine is a local caller too: it gives itself away by what it adds.
        let is_forwarded =
            ["forwarded", "x-forwarded-for", "via"].iter().any(|name| request.headers().contains_key(*name));
        let is_local = request.peer_addr().is_some_and(|peer| peer.ip().is_loopback()) && !is_forwarded;
        knows_token || self.local && is_local
    }
}

/// The page on the main port.
pub fn metrics(config: &mut ServiceConfig) {
    config.service(read_only("/metrics", || web::to(guarded)));
}

async fn guarded(
    request: HttpRequest,
    state: web::Data<AppState>,
    access: Option<web::Data<MetricsAccess>>,
) -> Result<HttpResponse, AppError> {
    if access.is_some_and(|access| access.admits(&request)) { page(&state).await } else { Err(AppError::not_found()) }
}

async fn open(state: web::Data<AppState>) -> Result<HttpResponse, AppError> {
    page(&state).await
}

async fn page(state: &AppState) -> Result<HttpResponse, AppError> {
    let in_flight = u64::try_from(state.in_flight.now()).unwrap_or(u64::MAX);
    let mut facts = vec![
        Fact::new("pilots_http_requests_in_flight", Vec::new(), in_flight),
        Fact::new("pilots_sessions_cached", Vec::new(), state.sessions.remembered()),
    ];
    for (limit, callers) in state.limits.remembered() {
        facts.push(Fact::new("pilots_limit_callers", vec![("limit", limit)], callers));
    }
    let text = state.metrics.render(&state.db, facts).await?;
    Ok(HttpResponse::Ok().content_type(TEXT).insert_header((header::CACHE_CONTROL, "no-store")).body(text))
}

/// A server of its own for the page, without a token: its address is the guard.
///
/// # Errors
/// A sentence, when the address cannot be had.
pub fn metrics_server(listen: &str, state: web::Data<AppState>) -> Result<(Server, Vec<String>), String> {
    let server = actix_web::HttpServer::new(move || {
        actix_web::App::new().app_data(state.clone()).service(read_only("/metrics", || web::to(open)))
    })
    .workers(1)
    .disable_signals()
    .bind(listen)
    .map_err(|error| format!("metrics.listen {listen}: {error}"))?;
    let addresses = server.addrs().iter().map(ToString::to_string).collect();
    Ok((server.run(), addresses))
}
