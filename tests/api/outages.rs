//! When the database is slow or away: a clear 503, nothing half done, and back to work by itself.

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection};
use serde_json::json;

use crate::support::{App, Engine, builders::*, postgres};

#[test]
fn lost_connections_are_replaced() {
    crate::support::run(Engine::Postgres, async |app: App| {
        let owner = app.owner().await;
        app.draft(&owner).await;
        let name = app.database.url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let mut admin = PgConnection::establish(postgres::server().unwrap().admin_url()).unwrap();
        diesel::sql_query(format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .execute(&mut admin)
            .unwrap();
        let mut seen = Vec::new();
        for _ in 0..20 {
            let answer = owner.post("/v1/pilots").json(content(&app)).send().await;
            if answer.status == 201 {
                seen.push(answer.expect(201)["id"].clone());
            } else {
                answer.refused(503, "database_unavailable");
                assert!(answer.header("retry-after").is_some());
            }
            let read = owner.get("/v1/pilots").send().await;
            assert!(read.status == 200 || read.status == 503, "{}", read.status);
        }
        assert!(seen.len() >= 15, "only {} of 20 went through", seen.len());
        let listed = owner.get("/v1/pilots").send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), seen.len() + 1);
    });
}

#[test]
fn a_transaction_that_stays_makes_others_come_back_and_fails_none() {
    crate::support::cramped(async |app: App| {
        let advice = app.state.db.advice().await.unwrap();
        assert!(advice.is_some_and(|advice| advice.contains("remembers 200 places")), "the operator is told");
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let mut version = draft["version"].as_i64().unwrap();
        let rename =
            async || owner.patch(path(&draft)).if_match("*").merge(json!({"title": {"en": "Another"}})).send().await;
        // What is read while this one is open has to be remembered until it ends.
        let mut staying = PgConnection::establish(&app.config.database.url).unwrap();
        staying.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM users").unwrap();
        let refusal = loop {
            let answer = rename().await;
            if answer.status != 200 {
                break answer;
            }
            version += 1;
            assert!(version < 1000, "there is room for everything");
        };
        refusal.refused(503, "overloaded");
        assert!(refusal.header("retry-after").is_some());
        staying.batch_execute("ROLLBACK").unwrap();
        assert_eq!(rename().await.expect(200)["version"], version + 1);
    });
}

#[test]
fn a_full_pool_is_503_and_not_an_endless_wait() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        actix_web::rt::System::new().block_on(async {
            let small = |config: &mut innovation_pilots::platform::config::Config| {
                config.database.connections = 1;
                config.database.wait_milliseconds = 100;
            };
            let Some(app) = App::start_with(engine, small).await else { return };
            let owner = app.owner().await;
            let state = app.state.clone();
            // Holds the one writing connection for a while.
            let holder = actix_web::rt::spawn(async move {
                state
                    .db
                    .write(|_| {
                        std::thread::sleep(std::time::Duration::from_millis(1500));
                        Ok(())
                    })
                    .await
                    .unwrap();
            });
            actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
            let answer = owner.post("/v1/pilots").json(json!({"title": {"en": "x"}})).send().await;
            answer.refused(503, "overloaded");
            assert!(answer.header("retry-after").is_some());
            holder.await.unwrap();
            owner.post("/v1/pilots").json(json!({"title": {"en": "x"}})).send().await.expect(201);
        });
    }
}
