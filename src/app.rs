//! The only place where an actix `App` is put together, for the server and for the tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock, atomic::AtomicBool},
    time::Duration,
};

use actix_cors::Cors;
use actix_web::{
    App, Error, HttpResponse, Resource, Scope,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::Method,
    middleware::{Compress, from_fn},
    web,
};

use crate::{
    features::{CHORES, OUTBOX_HANDLERS, SUBJECT_COLUMNS, operations, permissions::PERMISSIONS, system},
    openapi,
    platform::{
        auth::{ApiKeys, KeyRing, LineScopes, Passwords, Sessions, TokenService},
        clock::Clock,
        config::{Config, Mode},
        db::{DatabaseUrl, Db, DbSettings},
        error::AppError,
        files::Files,
        mail::Mailer,
        metrics::Metrics,
        outbound::{Outbound, SystemLookup},
        web::{
            AccountRules, AppState, Operation,
            edge::{edge, spare_small_bodies},
            full_house::gate,
            in_flight::InFlight,
            limits::RateLimits,
            methods::refusing_others,
            operation::{OperationIndex, line_scopes},
            published::Published,
            schemas::SchemaRegistry,
        },
    },
};

/// Opens everything that the configuration names.
///
/// # Errors
/// When the database URL is wrong, the SQLite file or the keys cannot be opened.
pub fn state(config: &Config, clock: Clock) -> Result<web::Data<AppState>, AppError> {
    let parse = |url: &str| DatabaseUrl::parse(url).map_err(AppError::internal);
    let settings = DbSettings {
        url: parse(&config.database.url)?,
        read_url: config.database.read_url.as_deref().map(parse).transpose()?,
        connections: config.database.connections,
        wait: Duration::from_millis(config.database.wait_milliseconds),
    };
    let keys = Arc::new(KeyRing::open(&config.auth.keys, config.mode == Mode::Development)?);
    let (cursor_key, vault) = (keys.cursor.clone(), keys.vault.clone());
    let tokens = TokenService::new(keys, config.auth.issuer.clone(), config.auth.audience.clone());
    let operations = operations();
    let (document, index, schemas) = described(&operations)?;
    let db = Db::open(&settings)?;
    let metrics = Metrics::new(operations.iter().map(|operation| operation.id), db.engine())?;
    db.observe(metrics.database());
    let scopes = Arc::new(LineScopes::new(line_scopes(&operations, PERMISSIONS))?);
    let limits = RateLimits::new(&config.limits, &clock);
    Ok(web::Data::new(AppState {
        db,
        clock,
        sessions: Sessions::new(tokens.clone()).counted(metrics.session_lookups()),
        api_keys: ApiKeys::new(Arc::clone(&scopes)),
        scopes,
        vault,
        mailer: Mailer::new(&config.mail).map_err(AppError::internal)?,
        accounts: AccountRules {
            registration_domains: config
                .auth
                .registration_domains
                .iter()
                .map(|domain| domain.trim().trim_start_matches(['@', '.']).to_ascii_lowercase())
                .collect(),
            second_factor_for_staff: config.auth.require_second_factor_for_staff,
            configured_url: config
                .server
                .public_url
                .as_deref()
                .map(|url| url.trim_end_matches('/').to_owned())
                .filter(|url| !url.is_empty()),
            listening_at: OnceLock::new(),
        },
        tokens,
        passwords: Passwords::new()?,
        cursor_key,
        operations: index,
        schemas,
        permissions: PERMISSIONS,
        document,
        files: Files::open(&config.files)?,
        body_limit: config.server.body_limit,
        trusted_proxies: config.server.trusted_proxies.clone(),
        subject_columns: SUBJECT_COLUMNS,
        outbox_handlers: OUTBOX_HANDLERS,
        chores: CHORES,
        outbound: Outbound::new(config.webhooks.test_networks.clone(), Box::new(SystemLookup)),
        instance: uuid::Uuid::now_v7().to_string(),
        body_timeout: Duration::from_secs(config.server.body_timeout_seconds),
        limits,
        in_flight: InFlight::new(config.server.max_in_flight),
        metrics,
        draining: AtomicBool::new(false),
    }))
}

/// The document as it is committed; a test says that it is what the code says.
static DOCUMENT: &[u8] = include_bytes!("../openapi/openapi.json");

/// The document, and what is drawn from it. A release takes the committed one: to make it costs time, and memory of which
/// the pages of the code that makes it stay.
fn described(operations: &[Operation]) -> Result<(web::Bytes, OperationIndex, SchemaRegistry), AppError> {
    let text = match cfg!(debug_assertions) {
        true => web::Bytes::from(openapi::document().to_string()),
        false => web::Bytes::from_static(DOCUMENT),
    };
    let published: Published = serde_json::from_slice(&text).map_err(AppError::internal)?;
    let index = OperationIndex::new(operations, PERMISSIONS, &published);
    Ok((text, index, SchemaRegistry::new(published.into_schemas())))
}

/// The application. Of the layers the last one named is the outermost.
pub fn app(
    state: web::Data<AppState>,
    cors_origins: &[String],
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>
    + use<>,
> {
    App::new()
        .app_data(state)
        .configure(routes)
        .configure(system::docs)
        .configure(system::metrics)
        .default_service(web::to(async || Err::<HttpResponse, _>(AppError::not_found())))
        .wrap(from_fn(spare_small_bodies))
        .wrap(Compress::default())
        .wrap(from_fn(gate))
        .wrap(cors(cors_origins))
        .wrap(from_fn(edge))
}

/// The resources of `/v1/pilots`, `/v1/services` and so on, each in a scope of its own: actix tries one pattern after the
/// other, and a scope is passed over by comparing its name.
fn routes(config: &mut web::ServiceConfig) {
    let mut by_path: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in operations() {
        by_path.entry(operation.path.clone()).or_default().push(operation);
    }
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    for (path, operations) in by_path {
        let end = path.match_indices('/').nth(2).map_or(path.len(), |(at, _)| at);
        let (name, rest) = path.split_at(end);
        let scope = scopes.remove(name).unwrap_or_else(|| web::scope(name));
        scopes.insert(name.to_owned(), scope.service(resource(rest, operations)));
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
}

/// One resource a path, so that a wrong method is 405 and not 404; GET serves HEAD.
fn resource(path: &str, operations: Vec<Operation>) -> Resource {
    let mut allowed: Vec<&str> = operations.iter().map(|operation| operation.method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let allow = allowed.join(", ");
    let mut resource = web::resource(path);
    for operation in operations {
        if operation.method == Method::GET {
            resource = resource.route((operation.route)().method(Method::HEAD));
        }
        resource = resource.route((operation.route)().method(operation.method));
    }
    refusing_others(resource, allow)
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PATCH", "DELETE"])
        .allowed_headers([
            "Accept-Language",
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Request-Id",
            "traceparent",
        ])
        .expose_headers([
            "Content-Disposition",
            "ETag",
            "Location",
            "Link",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
            "Idempotent-Replayed",
        ])
        .max_age(3600)
        .block_on_origin_mismatch(false);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
