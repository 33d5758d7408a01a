//! The feed of changes: nothing is missed, and nobody is told of what they may not see.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use innovation_pilots::platform::{audit::seal_due, audit::verify::verify, auth::Role};
use serde_json::{Value, json};

use crate::support::{Client, Engine, builders::*, client::findings};

/// Follows the feed to its end.
async fn follow(who: &Client, query: &str, mut cursor: Option<String>) -> (Vec<Value>, String) {
    let mut all = Vec::new();
    loop {
        let part = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let page = who.get(format!("/v1/changes?limit=3{query}{part}")).send().await.expect(200);
        all.extend(page["items"].as_array().unwrap().clone());
        cursor = Some(page["next_cursor"].as_str().unwrap().to_owned());
        if page["has_more"] == false {
            return (all, cursor.unwrap());
        }
    }
}

async fn told(who: &Client, record: &Value) -> Vec<String> {
    let (all, _) = follow(who, "", None).await;
    let of_record = all.iter().filter(|change| change["record_id"] == record["id"]);
    of_record.map(|change| change["action"].as_str().unwrap().to_owned()).collect()
}

on_both_engines! {
    async fn the_feed_goes_on_where_it_stopped(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let (_, now) = follow(&officer, "&start=now", None).await;
        let draft = app.draft(&owner).await;
        assert_eq!(follow(&officer, "&start=now", Some(now.clone())).await.0, Vec::<Value>::new(), "not sealed yet");
        seal_due(&app.state).await.unwrap();
        let (changes, next) = follow(&officer, "&start=now", Some(now.clone())).await;
        assert_eq!(changes.len(), 1);
        let change = &changes[0];
        assert_eq!((&change["record_type"], &change["record_id"], &change["pilot_id"]), (&json!("pilot"), &draft["id"], &draft["id"]));
        assert_eq!((&change["action"], &change["version"], &change["actor_id"]), (&json!("create_pilot"), &json!(1), &json!(owner.id)));
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        let (changes, _) = follow(&officer, "&start=now", Some(next)).await;
        assert_eq!((changes.len(), &changes[0]["version"]), (1, &json!(2)));
        // A cursor belongs to its filters; positions have no gaps for someone who sees all.
        officer.get(format!("/v1/changes?cursor={now}&record_type=plan")).send().await.refused(400, "invalid_cursor");
        // Where it began plays no part any more: the cursor alone suffices, and any beginning beside it says nothing.
        for rest in ["", "&start=now", "&start=beginning", "&after_position=1"] {
            assert_eq!(follow(&officer, rest, Some(now.clone())).await.0.len(), 2, "{rest}");
        }
        let first = &follow(&officer, "", None).await.0[0];
        let later = follow(&officer, &format!("&after_position={}", first["position"]), None).await.0;
        assert!(later.iter().all(|change| change["position"].as_i64() > first["position"].as_i64()) && !later.is_empty());
        app.anonymous().get("/v1/changes").send().await.refused(401, "unauthenticated");
        let auditor = app.auditor().await;
        let positions: Vec<i64> = follow(&auditor, "", None).await.0.iter().map(|it| it["position"].as_i64().unwrap()).collect();
        assert_eq!(positions, (1..=i64::try_from(positions.len()).unwrap()).collect::<Vec<i64>>());
        let (pilots, _) = follow(&auditor, "&record_type=pilot", None).await;
        assert!(!pilots.is_empty() && pilots.iter().all(|change| change["record_type"] == "pilot"));
        // A kind that there is none of is refused, with the names of those that there are.
        let problem = auditor.get("/v1/changes?record_type=pilot,nothing").send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["record_type enum"]);
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("pilot") && detail.contains("tcv_measurement"), "{problem}");
    }

    async fn each_reader_is_told_of_what_they_may_see_now(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let member = app.person("Member", &[], app.people.land_office).await;
        let (draft, design) = (app.draft(&owner).await, app.design(&owner, &officer).await);
        join(&owner, &draft, &member, "member").await;
        let plan = json!({"milestones": [{"title": {"en": "First camp"}, "is_mandatory": true}]});
        let plan = owner.post(format!("{}/plans", path(&design))).json(plan).send().await.expect(201);
        let measurement = json!({
            "kind": "baseline", "sample_size": 40, "period_start_on": "2026-01-04", "period_end_on": "2026-01-29",
            "time": {"travel": "60.00", "waiting": "30.00", "processing": "10.00"}
        });
        let measurement = owner.post(format!("{}/tcv-measurements", path(&design))).json(measurement).send().await.expect(201);
        seal_due(&app.state).await.unwrap();
        for insider in [&owner, &officer] {
            assert_eq!(told(insider, &draft).await.first().map(String::as_str), Some("create_pilot"));
            assert_eq!(told(insider, &plan).await, ["create_plan"]);
            assert_eq!(told(insider, &measurement).await, ["create_measurement"]);
        }
        assert!(!told(&member, &draft).await.is_empty(), "whoever is in the team now");
        // An official sees the accepted pilot, and neither drafts nor who did it.
        assert!(told(&stranger, &draft).await.is_empty() && told(&stranger, &plan).await.is_empty());
        assert!(told(&stranger, &measurement).await.is_empty());
        let (seen, _) = follow(&stranger, "", None).await;
        assert!(seen.iter().any(|change| change["record_id"] == design["id"]));
        assert!(seen.iter().filter(|change| change["pilot_id"].is_string()).all(|change| change["actor_id"].is_null()));
        assert!(seen.iter().all(|change| change["record_type"] != "user"));
        // Who left is told nothing more, not even of before.
        owner.delete(format!("{}/members/{}", path(&draft), member.id)).if_match("*").send().await.expect(204);
        assert!(told(&member, &draft).await.is_empty());
        // What becomes visible is told from then on.
        for (who, action) in [(&owner, "submit"), (&officer, "verify")] {
            let place = format!("/v1/tcv-measurements/{}/transitions", measurement["id"].as_str().unwrap());
            who.post(place).if_match("*").json(json!({"action": action})).send().await.expect(200);
        }
        seal_due(&app.state).await.unwrap();
        assert!(told(&stranger, &measurement).await.contains(&"transition_measurement.verify".to_owned()));
        // A draft that was thrown away: its owner and staff are told, nobody else.
        owner.delete(path(&draft)).if_match("*").send().await.expect(204);
        seal_due(&app.state).await.unwrap();
        assert!(told(&owner, &draft).await.contains(&"delete_pilot".to_owned()));
        assert!(told(&officer, &draft).await.contains(&"delete_pilot".to_owned()));
        assert!(told(&stranger, &draft).await.is_empty());
    }

    async fn a_kind_of_record_that_nobody_declared_is_told_to_insiders_alone(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let design = app.design(&owner, &officer).await;
        let pilot = design["id"].as_str().unwrap().to_owned();
        let now = app.state.clock.now();
        app.state
            .db
            .write(move |connection| {
                use innovation_pilots::platform::audit::{AuditEvent, Entry, Mark, append};
                for (id, subject) in [("g1", Some(("pilot", pilot.clone()))), ("g2", None)] {
                    let event = AuditEvent {
                        service_account_id: None,
                        at: now, actor_id: None, operation: "add_grievance".into(), record_type: "grievance", record_id: id.to_string(),
                        request_id: "x".into(), address: None, before_sha256: None, after_sha256: Some("x".into()),
                    };
                    append(connection, Entry { id: uuid::Uuid::now_v7().into(), event, mark: Mark { subject, version: None } })?;
                }
                Ok(())
            })
            .await
            .unwrap();
        seal_due(&app.state).await.unwrap();
        let auditor = app.person("Auditor", &[Role::Auditor], app.people.a2i).await;
        let counts = async |who: &Client| {
            let (all, _) = follow(who, "", None).await;
            all.iter().filter(|change| change["record_type"] == "grievance").count()
        };
        assert_eq!((counts(&owner).await, counts(&officer).await, counts(&stranger).await, counts(&auditor).await), (1, 1, 0, 2));
    }

    async fn what_one_transaction_did_is_told_in_its_order(app: App) {
        let auditor = app.auditor().await;
        let now = app.state.clock.now();
        app.state
            .db
            .write(move |connection| {
                use innovation_pilots::platform::{audit::{AuditEvent, Entry, Mark, appending}, db::at_once::at_once};
                let entries = (0..40).map(|number| {
                    let event = AuditEvent {
                        service_account_id: None,
                        at: now, actor_id: None, operation: "add_grievance".into(), record_type: "grievance", record_id: number.to_string(),
                        request_id: "x".into(), address: None, before_sha256: None, after_sha256: Some("x".into()),
                    };
                    // The identifiers say nothing of the order.
                    Entry { id: uuid::Uuid::new_v4().into(), event, mark: Mark::default() }
                });
                Ok(at_once(connection, &appending(entries))?)
            })
            .await
            .unwrap();
        seal_due(&app.state).await.unwrap();
        let (mut all, _) = follow(&auditor, "", None).await;
        all.retain(|change| change["record_type"] == "grievance");
        let told: Vec<&str> = all.iter().map(|change| change["record_id"].as_str().unwrap()).collect();
        assert_eq!(told, (0..40).map(|number| number.to_string()).collect::<Vec<_>>());
        let report = app.state.db.read(|connection| verify(connection, &[])).await.unwrap();
        assert_eq!(report.fault, None);
    }

    async fn a_request_looks_at_so_many_positions_and_no_more(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        let id = draft["id"].as_str().unwrap().to_owned();
        let now = app.state.clock.now();
        app.state
            .db
            .write(move |connection| {
                use innovation_pilots::platform::audit::{AuditEvent, Entry, Mark, append};
                for _ in 0..1200 {
                    let event = AuditEvent {
                        service_account_id: None,
                        at: now, actor_id: None, operation: "update_pilot".into(), record_type: "pilot", record_id: id.to_string(),
                        request_id: "x".into(), address: None, before_sha256: None, after_sha256: Some("x".into()),
                    };
                    let mark = Mark { subject: Some(("pilot", id.clone())), version: Some(1) };
                    append(connection, Entry { id: uuid::Uuid::now_v7().into(), event, mark })?;
                }
                Ok(())
            })
            .await
            .unwrap();
        assert!(seal_due(&app.state).await.unwrap() >= 1200, "more than one batch");
        let first = stranger.get("/v1/changes").send().await.expect(200);
        assert_eq!((&first["items"], &first["has_more"]), (&json!([]), &json!(true)), "empty, but it moved");
        let (all, _) = follow(&stranger, "", None).await;
        assert!(all.iter().all(|change| change["record_id"] != draft["id"]));
        let report = app.state.db.read(|connection| verify(connection, &[])).await.unwrap();
        assert_eq!(report.fault, None);
    }
}

/// What the whole order is for. An open transaction that began earlier commits after a reader has passed.
#[test]
fn a_change_that_commits_late_is_not_skipped() {
    crate::support::run(Engine::Postgres, |app| async move {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let mut late = PgConnection::establish(&app.database.url).unwrap();
        // What audit::record does, in a transaction that stays open: it takes the earlier place in the queue.
        late.batch_execute(
            "BEGIN; \
             INSERT INTO audit_entries (id, at, operation, record_type, record_id, request_id, after_sha256) VALUES \
             ('01900000-0000-7000-8000-000000000001', '2026-07-01', 'update_sector', 'sector', 'late', 'x', 'x'); \
             INSERT INTO audit_unsealed (entry_id) VALUES ('01900000-0000-7000-8000-000000000001');",
        )
        .unwrap();
        let draft = app.draft(&owner).await;
        seal_due(&app.state).await.unwrap();
        let (seen, cursor) = follow(&officer, "", None).await;
        assert!(seen.iter().any(|change| change["record_id"] == draft["id"]), "others do not wait for it");
        late.batch_execute("COMMIT").unwrap();
        seal_due(&app.state).await.unwrap();
        let (seen, _) = follow(&officer, "", Some(cursor)).await;
        assert_eq!(seen.iter().map(|change| &change["record_id"]).collect::<Vec<_>>(), ["late"]);
    });
}
