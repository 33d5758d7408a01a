//! The application on a socket of its own, with a clock that stands still.

use std::net::TcpListener;

use actix_web::{HttpServer, dev::ServerHandle, web};
use diesel::connection::SimpleConnection;
use innovation_pilots::{
    app,
    platform::{
        clock::{Clock, Timestamp},
        config::{Config, Flags},
        db::DbConnection,
        web::AppState,
    },
};

use super::{
    Client, Engine,
    database::Database,
    people::{self, People},
};

/// When all tests begin: 1 July 2026, 09:00 in Dhaka.
pub const START: &str = "2026-07-01T03:00:00.000Z";

pub struct App {
    pub base: String,
    pub state: web::Data<AppState>,
    pub engine: Engine,
    pub people: People,
    pub database: Database,
    pub config: Config,
    server: ServerHandle,
}

impl App {
    /// Runs statements as someone with access to the database would.
    pub async fn try_sql(&self, statements: impl Into<String>) -> Result<(), String> {
        let statements = statements.into();
        let work = move |connection: &mut DbConnection| Ok(connection.batch_execute(&statements)?);
        self.state.db.write(work).await.map_err(|error| error.to_string())
    }

    /// The same where nothing stands against it.
    pub async fn sql(&self, statements: impl Into<String>) {
        self.try_sql(statements).await.unwrap();
    }

    pub async fn start(engine: Engine) -> Option<Self> {
        Self::start_with(engine, |_| {}).await
    }

    /// With a changed configuration.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Option<Self> {
        let database = Database::fresh(engine)?;
        let mut config = Config::load(&Flags { database_url: Some(database.url.clone()), ..Flags::default() }).unwrap();
        config.auth.keys = database.folder().join("keys");
        config.mail.folder = database.folder().join("mail");
        config.files.folder = database.folder().join("files");
        config.files.spool = database.folder().join("spool");
        config.database.connections = 4;
        config.database.wait_milliseconds = 10_000;
        config.server.cors_origins = vec!["https://front.example".to_owned()];
        // Receivers of webhooks in tests; 127.0.0.1 is not among them.
        config.webhooks.test_networks = vec!["127.0.0.2/32".parse().unwrap()];
        // So much that no test runs into them, and each answer still has the headers.
        config.limits.account_per_minute = 1_000_000;
        config.limits.address_per_minute = 1_000_000;
        config.limits.auth_per_minute = 1_000_000;
        change(&mut config);
        let state = app::state(&config, Clock::fixed(Timestamp::parse(START).unwrap())).unwrap();
        let people = people::found(&state).await;
        let (base, server) = serve(&state, &config);
        Some(Self { base, state, engine, people, database, config, server })
    }

    /// Someone who is not logged in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// Another instance on the same database, with the same keys and the same time.
    pub fn another_instance(&self) -> web::Data<AppState> {
        app::state(&self.config, self.state.clock.clone()).unwrap()
    }

    pub fn advance(&self, by: chrono::Duration) {
        self.state.clock.advance(by);
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let server = self.server.clone();
        actix_web::rt::spawn(async move { server.stop(false).await });
    }
}

fn serve(state: &web::Data<AppState>, config: &Config) -> (String, ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (shared, origins) = (state.clone(), config.server.cors_origins.clone());
    let server = HttpServer::new(move || app::app(shared.clone(), &origins))
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    (format!("http://{address}"), handle)
}
