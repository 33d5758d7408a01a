//! `serve`: the server, from the first lock on the database to the last request in flight.

use std::time::Duration;

use actix_web::{HttpServer, web};
use tokio::signal::unix::{SignalKind, signal};

use super::{demo, migrate, say};
use crate::{
    app,
    features::{attachments, identity},
    platform::{
        clock::Clock,
        config::Config,
        db::{DatabaseUrl, DbConnection},
        error::AppError,
        web::{AppState, idempotency},
    },
};

/// How often what is past its time is dropped.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

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
    for name in migrate::up(&url, &clock)? {
        tracing::info!(migration = name, "applied");
    }
    actix_web::rt::System::new().block_on(serve(config, arguments.demo, clock))
}

async fn serve(config: &Config, demo: bool, clock: Clock) -> Result<(), String> {
    let state = app::state(config, clock).map_err(|error| error.to_string())?;
    let origins = config.server.cors_origins.clone();
    let shared = state.clone();
    let mut server = HttpServer::new(move || app::app(shared.clone(), &origins))
        .disable_signals()
        .client_request_timeout(Duration::from_secs(config.server.header_timeout_seconds))
        .shutdown_timeout(config.server.shutdown_seconds);
    if config.server.workers > 0 {
        server = server.workers(config.server.workers);
    }
    let server = server.bind(&config.server.listen).map_err(|error| format!("{}: {error}", config.server.listen))?;
    let addresses: Vec<String> = server.addrs().iter().map(ToString::to_string).collect();
    let server = server.run();
    for address in &addresses {
        tracing::info!(address, database = config.database.url.split("://").next(), "listening");
        say(&format!("API documentation: http://{address}/docs/"));
    }
    if demo {
        demo::load(config, &state).await?;
    }
    let handle = server.handle();
    let stopping = state.clone();
    let housekeeping = actix_web::rt::spawn(housekeeping(state.clone()));
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

async fn housekeeping(state: web::Data<AppState>) {
    loop {
        let clock = state.clock.clone();
        match state.db.write(move |connection| purge(connection, &clock)).await {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, "rows past their time dropped"),
            Err(error) => tracing::warn!(%error, "rows past their time could not be dropped"),
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

/// Stored answers of old requests, sessions that ended long ago, old failures of logins.
fn purge(connection: &mut DbConnection, clock: &Clock) -> Result<usize, AppError> {
    let now = clock.now();
    Ok(idempotency::purge(connection, now)? + identity::purge(connection, now)?)
}
