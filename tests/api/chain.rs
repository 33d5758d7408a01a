//! The audit chain: sealed soon and in order, and whoever alters anything behind the program's back is found out.

use diesel::{Connection, connection::SimpleConnection};
use innovation_pilots::platform::{
    audit::{
        Checkpoint, head, seal_due,
        verify::{Fault, Report, verify},
    },
    background::Background,
    db::{DatabaseUrl, DbConnection, migrations},
    web::AppState,
};
use serde_json::{Value, json};

use crate::support::{App, Engine, builders::*};

async fn report(state: &AppState, checkpoints: &[Checkpoint]) -> Report {
    let checkpoints = checkpoints.to_vec();
    state.db.read(move |connection| verify(connection, &checkpoints)).await.unwrap()
}

/// Takes away what guards the tables, as someone with full access to the database would, and does something to them.
async fn tamper(app: &App, statements: &str) {
    let guards: Vec<String> = ["audit_entries", "audit_chain"]
        .iter()
        .flat_map(|table| {
            let names: &[&str] = match app.engine {
                Engine::Sqlite => &["no_update", "no_delete", "no_replace"],
                Engine::Postgres => &["no_update", "no_truncate"],
            };
            names.iter().map(move |name| match app.engine {
                Engine::Sqlite => format!("DROP TRIGGER IF EXISTS {table}_{name};"),
                Engine::Postgres => format!("DROP TRIGGER IF EXISTS {table}_{name} ON {table};"),
            })
        })
        .collect();
    let statements = format!("{}{statements}", guards.join(""));
    app.sql(statements).await;
}

/// A chain of some entries.
async fn chained(app: &App) -> Checkpoint {
    let (owner, officer) = (app.owner().await, app.officer().await);
    app.design(&owner, &officer).await;
    app.draft(&owner).await;
    assert!(seal_due(&app.state).await.unwrap() >= 4);
    let sound = report(&app.state, &[]).await;
    assert_eq!((sound.fault.clone(), sound.waiting), (None, 0));
    sound.head.unwrap()
}

async fn broken(app: &App, statements: &str) -> Fault {
    tamper(app, statements).await;
    report(&app.state, &[]).await.fault.expect("a fault")
}

on_both_engines! {
    async fn entries_are_sealed_in_order_and_shown_with_their_links(app: App) {
        let auditor = app.auditor().await;
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let place = format!("/v1/audit-entries?record_type=pilot&record_id={}", draft["id"].as_str().unwrap());
        let waiting = auditor.get(&place).send().await.expect(200)["items"][0].clone();
        assert_eq!((&waiting["seq"], &waiting["hash"]), (&Value::Null, &Value::Null));
        assert!(report(&app.state, &[]).await.waiting > 0);
        assert_eq!(report(&app.state, &[]).await.fault, None);
        seal_due(&app.state).await.unwrap();
        let sealed = auditor.get(&place).send().await.expect(200)["items"][0].clone();
        assert!(sealed["seq"].as_i64().unwrap() >= 1 && sealed["hash"].as_str().unwrap().len() == 64);
        let last = app.state.db.read(head).await.unwrap().unwrap();
        let all = auditor.get("/v1/audit-entries?limit=200").send().await.expect(200);
        let mut seqs: Vec<i64> = all["items"].as_array().unwrap().iter().map(|it| it["seq"].as_i64().unwrap()).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (1..=last.seq).collect::<Vec<i64>>(), "without a gap");
        assert_eq!(seal_due(&app.state).await.unwrap(), 0);
    }

    async fn the_server_seals_within_a_second(app: App) {
        let background = Background::start(&app.state);
        let owner = app.owner().await;
        let auditor = app.auditor().await;
        app.draft(&owner).await;
        let mut waited = 0;
        while auditor.get("/v1/audit-entries?limit=1").send().await.expect(200)["items"][0]["seq"].is_null() {
            waited += 1;
            assert!(waited < 20, "not sealed within a second");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        background.stop().await;
        assert_eq!(report(&app.state, &[]).await.fault, None);
    }

    async fn two_sealers_and_many_writers_make_one_chain(app: App) {
        let other = app.another_instance();
        let owner = app.owner().await;
        let (left, right) = (Background::start(&app.state), Background::start(&other));
        let writing = (0..20).map(|_| app.draft(&owner));
        futures_util::future::join_all(writing).await;
        left.stop().await;
        right.stop().await;
        let rest = app.another_instance();
        seal_due(&rest).await.unwrap();
        let sound = report(&rest, &[]).await;
        assert_eq!((sound.fault, sound.waiting), (None, 0));
        assert!(sound.sound >= 20);
    }

    async fn a_changed_column_is_found(app: App) {
        chained(&app).await;
        for (column, value) in [("operation", "'x'"), ("record_id", "'x'"), ("actor_id", "NULL"), ("after_sha256", "'x'"), ("request_id", "'x'"), ("address", "'x'")] {
            let change = format!(
                "CREATE TABLE kept AS SELECT * FROM audit_entries; \
                 UPDATE audit_entries SET {column} = {value} WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 2);"
            );
            assert!(matches!(broken(&app, &change).await, Fault::EntryChanged { seq: 2, .. }), "{column}");
            tamper(&app, "DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM kept; DROP TABLE kept;").await;
            assert_eq!(report(&app.state, &[]).await.fault, None);
        }
    }

    async fn a_removed_entry_is_found(app: App) {
        chained(&app).await;
        let removal = "DELETE FROM audit_entries WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 3);";
        assert!(matches!(broken(&app, removal).await, Fault::EntryMissing { seq: 3, .. }));
        // With its link it leaves a gap.
        assert_eq!(broken(&app, "DELETE FROM audit_chain WHERE seq = 3;").await, Fault::LinkMissing { seq: 3 });
        // And closing the gap breaks the next link.
        assert_eq!(broken(&app, "UPDATE audit_chain SET seq = 3 WHERE seq = 4;").await, Fault::LinkBroken { seq: 3 });
    }

    async fn reordered_entries_are_found(app: App) {
        chained(&app).await;
        let swap = "CREATE TABLE swapped AS SELECT seq, entry_id FROM audit_chain WHERE seq IN (2, 3); \
                    UPDATE audit_chain SET entry_id = 'x' WHERE seq = 2; \
                    UPDATE audit_chain SET entry_id = (SELECT entry_id FROM swapped WHERE seq = 2) WHERE seq = 3; \
                    UPDATE audit_chain SET entry_id = (SELECT entry_id FROM swapped WHERE seq = 3) WHERE seq = 2;";
        assert!(matches!(broken(&app, swap).await, Fault::EntryChanged { seq: 2, .. }));
    }

    async fn an_entry_put_in_beside_the_chain_is_found(app: App) {
        chained(&app).await;
        let insertion = "INSERT INTO audit_entries (id, at, operation, record_type, record_id, request_id) \
                         SELECT '01900000-0000-7000-8000-000000000000', at, 'accept', 'pilot', 'x', 'x' FROM audit_entries LIMIT 1;";
        assert!(matches!(broken(&app, insertion).await, Fault::EntryInserted { .. }));
    }

    async fn a_chain_cut_short_is_found_as_far_as_can_be_known(app: App) {
        let checkpoint = chained(&app).await;
        let last = checkpoint.seq;
        let cut = format!(
            "DELETE FROM audit_entries WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = {last}); \
             DELETE FROM audit_chain WHERE seq = {last};"
        );
        // The feed of changes still knows of it.
        assert_eq!(broken(&app, &cut).await, Fault::Shortened { last: last - 1, known: last });
        tamper(&app, &format!("DELETE FROM changes WHERE position = {last};")).await;
        assert_eq!(report(&app.state, &[]).await.fault, None, "nobody inside can know any more");
        // Who kept a checkpoint outside does.
        assert_eq!(report(&app.state, std::slice::from_ref(&checkpoint)).await.fault, Some(Fault::Shortened { last: last - 1, known: last }));
        // A chain computed anew has another hash at that place.
        let owner = app.stranger().await;
        app.draft(&owner).await;
        seal_due(&app.state).await.unwrap();
        assert_eq!(report(&app.state, &[]).await.fault, None);
        assert_eq!(report(&app.state, &[checkpoint]).await.fault, Some(Fault::AnotherChain { seq: last }));
    }

    async fn what_was_written_before_there_was_a_chain_is_sealed_too(app: App) {
        let last = chained(&app).await;
        let url = DatabaseUrl::parse(&app.database.url).unwrap();
        while migrations::down(&url).unwrap().unwrap() != "0011" {}
        crate::support::database::migrate(&app.database.url);
        // The lease of the instance that sealed before has to end first.
        app.advance(chrono::Duration::seconds(16));
        let rest = app.another_instance();
        assert_eq!(report(&rest, &[]).await.waiting, last.seq);
        assert_eq!(i64::try_from(seal_due(&rest).await.unwrap()).unwrap(), last.seq);
        let sound = report(&rest, &[]).await;
        assert_eq!((sound.fault, sound.sound), (None, last.seq));
    }

    async fn the_chain_cannot_be_changed_by_mistake(app: App) {
        chained(&app).await;
        for statement in ["UPDATE audit_chain SET hash = 'x' WHERE seq = 1", "DELETE FROM audit_chain WHERE seq = 1"] {
            let mut connection = DbConnection::establish(&app.database.url.replace("sqlite://", "")).unwrap();
            let refused = connection.batch_execute(statement).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{refused}");
        }
    }

    async fn auditors_export_the_trail_and_that_is_written_down(app: App) {
        let (auditor, owner) = (app.auditor().await, app.owner().await);
        let bad = owner.post("/v1/pilots").header("X-Request-Id", "formula-request-id").json(content(&app)).send().await.expect(201);
        for _ in 0..3 {
            app.draft(&owner).await;
        }
        seal_due(&app.state).await.unwrap();
        let csv = auditor.get("/v1/audit-entries/export").send().await;
        assert_eq!(csv.status, 200);
        assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(csv.header("content-disposition").unwrap().starts_with("attachment"));
        let text = String::from_utf8(csv.body).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("seq,at,actor_id,service_account_id,operation"));
        assert!(lines.iter().any(|line| line.contains(bad["id"].as_str().unwrap()) && line.contains("formula-request-id")));
        let place = format!("/v1/audit-entries/export?format=jsonl&record_type=pilot&record_id={}", bad["id"].as_str().unwrap());
        let jsonl = auditor.get(&place).send().await;
        let entry: Value = serde_json::from_slice(&jsonl.body).unwrap();
        assert_eq!(entry["record_id"], bad["id"]);
        let taken = auditor.get("/v1/audit-entries?operation=export_audit_entries").send().await.expect(200);
        assert_eq!(taken["items"].as_array().unwrap().len(), 2);
        assert_eq!(taken["items"][0]["actor_id"], json!(auditor.id));
        auditor.get("/v1/audit-entries/export?record_type=pilot").send().await.refused(400, "invalid_parameters");
        owner.get("/v1/audit-entries/export").send().await.refused(403, "forbidden");
        let by_request = auditor.get("/v1/audit-entries?request_id=formula-request-id").send().await.expect(200);
        assert_eq!(by_request["items"].as_array().unwrap().len(), 1);
    }
}
