//! Guessing at passwords: slowed down by account and by address.

use serde_json::json;

use crate::support::{App, Engine, Response, people::PASSWORD};

/// Tests of an application behind a proxy that names its clients.
fn behind_a_proxy<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(App) -> F) {
    actix_web::rt::System::new().block_on(async {
        let trusting = |config: &mut innovation_pilots::platform::config::Config| {
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        };
        if let Some(app) = App::start_with(engine, trusting).await {
            test(app).await;
        }
    });
}

async fn log_in_from(app: &App, address: &str, email: &str, password: &str) -> Response {
    let attempt = json!({"email": email, "password": password});
    app.anonymous().post("/v1/auth/login").header("X-Forwarded-For", address).json(attempt).send().await
}

async fn guess(app: &App, address: &str, email: &str, times: usize) {
    for _ in 0..times {
        log_in_from(app, address, email, "a guess").await.refused(401, "invalid_credentials");
    }
}

async fn the_sixth_from_one_address_has_to_wait(app: App) {
    let (owner, stranger) = (app.owner().await, app.stranger().await);
    guess(&app, "203.0.113.9", &owner.email, 5).await;
    for password in ["a guess", PASSWORD] {
        let answer = log_in_from(&app, "203.0.113.9", &owner.email, password).await;
        answer.refused(429, "too_many_attempts");
        assert_eq!(answer.header("retry-after"), Some("2"));
    }
    // Someone else behind the same address is not held up.
    log_in_from(&app, "203.0.113.9", &stranger.email, PASSWORD).await.expect(200);
    app.advance(chrono::Duration::seconds(2));
    guess(&app, "203.0.113.9", &owner.email, 1).await;
    let answer = log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("4")));
    app.advance(chrono::Duration::seconds(4));
    log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await.expect(200);
    // A success wipes the slate.
    guess(&app, "203.0.113.9", &owner.email, 5).await;
}

async fn do_not_lock_an_owner_out_who_is_elsewhere(app: App) {
    let owner = app.owner().await;
    for address in ["198.51.100.1", "198.51.100.2", "2001:db8::1"] {
        guess(&app, address, &owner.email, 5).await;
        log_in_from(&app, address, &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    }
    log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await.expect(200);
    // Nor does the owner's login let the guessers on.
    log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    // A network of 64 bits is one line.
    log_in_from(&app, "2001:db8::2", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    log_in_from(&app, "2001:db8:0:1::1", &owner.email, PASSWORD).await.expect(200);
}

async fn at_many_accounts_are_counted_together(app: App) {
    let owner = app.owner().await;
    for number in 0..30 {
        guess(&app, "198.51.100.1", &format!("nobody.{number}@test.gov.bd"), 1).await;
    }
    log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    log_in_from(&app, "198.51.100.2", &owner.email, PASSWORD).await.expect(200);
}

async fn cannot_choose_their_address(app: App) {
    let owner = app.owner().await;
    // What the guesser puts in front is not what the proxy saw.
    for number in 0..5 {
        guess(&app, &format!("203.0.113.{number}, 198.51.100.1"), &owner.email, 1).await;
    }
    log_in_from(&app, "203.0.113.77, 198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
}

async fn sent_all_at_once_are_counted_all_the_same(app: App) {
    let owner = app.owner().await;
    let storm = (0..20).map(|_| log_in_from(&app, "198.51.100.1", &owner.email, "a guess"));
    let answers = futures_util::future::join_all(storm).await;
    let judged = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(judged <= 5, "{judged} guesses were judged");
    log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
}

macro_rules! on_both_engines_behind_a_proxy {
    ($($name:ident)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                behind_a_proxy(Engine::Sqlite, super::$name);
            }

            #[test]
            fn on_postgres() {
                behind_a_proxy(Engine::Postgres, super::$name);
            }
        }
    )*};
}

on_both_engines_behind_a_proxy! {
    the_sixth_from_one_address_has_to_wait
    do_not_lock_an_owner_out_who_is_elsewhere
    at_many_accounts_are_counted_together
    cannot_choose_their_address
    sent_all_at_once_are_counted_all_the_same
}
