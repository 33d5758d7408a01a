//! What the tests stand on: databases, the application, people, the contract.

pub mod app;
pub mod builders;
pub mod client;
pub mod contract;
pub mod database;
pub mod funding_funds;
pub mod funding_reviews;
pub mod funding_tranches;
pub mod letters;
pub mod people;
pub mod postgres;
pub mod program;

pub use app::App;
pub use client::{Client, Response};
pub use database::Engine;

/// Runs a test on one engine; quietly passes over PostgreSQL where there is none, which CI does not allow.
pub fn run<F>(engine: Engine, test: impl FnOnce(App) -> F)
where
    F: Future<Output = ()>,
{
    actix_web::rt::System::new().block_on(async {
        if let Some(app) = App::start(engine).await {
            test(app).await;
        }
    });
}

/// Runs a test on a PostgreSQL server that can remember little of what transactions read.
pub fn cramped<F>(test: impl FnOnce(App) -> F)
where
    F: Future<Output = ()>,
{
    let Some(server) = postgres::cramped() else { return };
    let url = server.url_of("postgres");
    database::migrate(&url);
    actix_web::rt::System::new().block_on(async {
        if let Some(app) = App::start_with(Engine::Postgres, |config| config.database.url = url).await {
            test(app).await;
        }
    });
}

/// Declares tests that run on both engines.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: App) $body:block)*) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, reason = "some bodies need nothing from outside")]
            use super::*;

            async fn test($app: $crate::support::App) $body

            #[test]
            fn on_sqlite() {
                $crate::support::run($crate::support::Engine::Sqlite, test);
            }

            #[test]
            fn on_postgres() {
                $crate::support::run($crate::support::Engine::Postgres, test);
            }
        }
    )*};
}
