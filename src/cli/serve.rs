//! `serve`: the server, from the first lock on the database to the last request in flight.

use std::time::Duration;

use actix_web::{HttpServer, http::KeepAlive, web};
use tokio::signal::unix::{SignalKind, signal};

use super::{demo, migrate, production, say};
use crate::{
    app,
    features::{
        attachments, identity, registration,
        system::{self, MetricsAccess},
        webhooks,
    },
    platform::{
        audit,
        background::Background,
        clock::Clock,
        config::{Config, Mode},
        db::{DatabaseUrl, DbConnection},
        error::AppError,
        outbox,
        web::{AppState, idempotency},
    },
};

/// How often what is past its time is dropped.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// How often freed memory is given back, whether or not anything else is freed.
const GIVE_BACK_EVERY: Duration = Duration::from_secs(1);

/// How often it is written down which API keys were used.
const NOTE_KEY_USE_EVERY: Duration = Duration::from_secs(15);

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Address and port; overrides file and environment.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
    /// Load the demo data, once, into an empty database.
    #[arg(long)]
    demo: bool,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> Result<(), String> {
    let url = DatabaseUrl::parse(&config.database.url)?;
    let clock = Clock::system();
    if config.mode == Mode::Production {
        production::demand(config, &url, arguments.demo)?;
    }
    for name in migrate::up(&url, &clock)? {
        tracing::info!(migration = name, "applied");
    }
    actix_web::rt::System::new().block_on(serve(config, arguments.demo, clock))
}

async fn serve(config: &Config, demo: bool, clock: Clock) -> Result<(), String> {
    let state = app::state(config, clock).map_err(|error| error.to_string())?;
    let origins = config.server.cors_origins.clone();
    let shared = state.clone();
    // The demo shows its metrics to whoever sits at this machine.
    let access = web::Data::new(MetricsAccess::new(&config.metrics, demo));
    let mut server = HttpServer::new(move || {
        actix_web::rt::spawn(give_memory_back());
        app::app(shared.clone(), &origins).app_data(access.clone())
    })
    .disable_signals()
    .keep_alive(KeepAlive::Timeout(Duration::from_secs(config.server.keep_alive_seconds)))
    .max_connections(config.server.max_connections)
    .client_request_timeout(Duration::from_secs(config.server.header_timeout_seconds))
    .shutdown_timeout(config.server.shutdown_seconds);
    if config.server.workers > 0 {
        server = server.workers(config.server.workers);
    }
    let server = server.bind(&config.server.listen).map_err(|error| format!("{}: {error}", config.server.listen))?;
    let addresses: Vec<String> = server.addrs().iter().map(ToString::to_string).collect();
    if let Some(first) = server.addrs().first() {
        state.accounts.listening_at.get_or_init(|| *first);
    }
    let server = server.run();
    for address in &addresses {
        tracing::info!(address, database = config.database.url.split("://").next(), "listening");
        say(&format!("API documentation: http://{address}/docs/"));
    }
    if let Some(listen) = config.metrics.listen.as_ref().filter(|listen| !listen.is_empty()) {
        let (server, addresses) = system::metrics_server(listen, state.clone())?;
        tracing::info!(?addresses, "metrics");
        actix_web::rt::spawn(server);
    }
    actix_web::rt::spawn(state.metrics.clone().keep_up());
    actix_web::rt::spawn(give_memory_back());
    actix_web::rt::spawn(advise(state.clone()));
    if demo {
        demo::load(config, &state).await?;
    }
    let handle = server.handle();
    let stopping = state.clone();
    let background = Background::start(&state);
    let housekeeping = actix_web::rt::spawn(housekeeping(state.clone()));
    let key_use = actix_web::rt::spawn(note_key_use(state.clone()));
    actix_web::rt::spawn(async move {
        if wait_for_signal().await.is_ok() {
            tracing::info!("stopping: no new work, finishing what is in flight");
            stopping.drain();
            // Time for the load balancer to see /readyz turn 503 while requests are still served.
            tokio::time::sleep(Duration::from_millis(500)).await;
            handle.stop(true).await;
        }
    });
    server.await.map_err(|error| error.to_string())?;
    housekeeping.abort();
    key_use.abort();
    background.stop().await;
    if let Err(error) = state.api_keys.write_down_use(&state.db).await {
        tracing::warn!(%error, "the last use of API keys could not be written down");
    }
    state.db.checkpoint().await.map_err(|error| error.to_string())?;
    tracing::info!("stopped");
    Ok(())
}

async fn wait_for_signal() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// What a login or the start took and freed would stay with a server that falls idle. Each thread can give back its
/// own only.
async fn give_memory_back() {
    loop {
        tokio::time::sleep(GIVE_BACK_EVERY).await;
        allocator::give_back_what_is_due();
    }
}

/// Tells the operator once what to change in the database's settings. One that does not answer is told of by all else.
async fn advise(state: web::Data<AppState>) {
    if let Ok(Some(advice)) = state.db.advice().await {
        tracing::warn!("{advice}");
    }
}

/// When API keys were used last, beside the requests.
async fn note_key_use(state: web::Data<AppState>) {
    loop {
        tokio::time::sleep(NOTE_KEY_USE_EVERY).await;
        if let Err(error) = state.api_keys.write_down_use(&state.db).await {
            tracing::warn!(%error, "the use of API keys could not be written down, trying again");
        }
    }
}

async fn housekeeping(state: web::Data<AppState>) {
    let task = state.metrics.task("housekeeping");
    loop {
        let clock = state.clock.clone();
        // What is past its time stays so: nothing is decided that a writer could lose a race by.
        let outcome = state.db.tend(move |connection| purge(connection, &clock)).await;
        task.ran(outcome.is_ok());
        match outcome {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, "rows past their time dropped"),
            Err(error) => tracing::warn!(%error, "rows past their time could not be dropped"),
        }
        match state.db.read(audit::head).await {
            // Logs are kept elsewhere as a rule: what is said there cannot be changed by changing the database.
            Ok(Some(checkpoint)) => tracing::info!(%checkpoint, "the audit trail up to here"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "no checkpoint of the audit trail"),
        }
        let yesterday = state.clock.now().plus(-chrono::Duration::hours(24));
        match attachments::sweep(&state.db, &state.files, yesterday).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files without a record removed"),
            Err(error) => tracing::warn!(%error, "files without a record could not be removed"),
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}

/// Stored answers of old requests, sessions that ended long ago, old failures of logins, messages that were sent.
fn purge(connection: &mut DbConnection, clock: &Clock) -> Result<usize, AppError> {
    let now = clock.now();
    Ok(idempotency::purge(connection, now)?
        + identity::purge(connection, now)?
        + outbox::purge(connection, now)?
        + webhooks::purge(connection, now)?
        + registration::purge(connection, now)?)
}
