//! Whose endpoints there are, what each is told of, and who may stop it.

use super::*;

on_both_engines! {
    async fn owners_are_told_of_what_they_may_see_when_it_is_sent(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let member = app.person("Member", &[], app.people.land_office).await;
        let (to_stranger, to_member) = (Receiver::start("127.0.0.2").await, Receiver::start("127.0.0.2").await);
        let strangers = endpoint(&stranger, &to_stranger, json!(["pilot"])).await;
        let members = endpoint(&member, &to_member, json!(["pilot"])).await;
        let draft = app.draft(&owner).await;
        join(&owner, &draft, &member, "member").await;
        step(&app.state).await;
        assert!(to_stranger.bodies().is_empty() && deliveries(&stranger, &strangers).await.is_empty());
        assert!(!to_member.bodies().is_empty());
        // Queued while they might see it, sent when they may not any more.
        to_member.clear();
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        owner.delete(format!("{}/members/{}", path(&draft), member.id)).if_match("*").send().await.expect(204);
        run_once(&app.state).await.unwrap();
        assert!(to_member.bodies().is_empty());
        assert_eq!(deliveries(&member, &members).await[0]["status"], "skipped");
        // Nobody else's endpoints are anyone's business.
        owner.get(place(&members)).send().await.refused(404, "not_found");
        owner.get(format!("{}/deliveries", place(&members))).send().await.refused(404, "not_found");
    }

    async fn an_endpoint_of_a_key_sees_what_the_key_may_read_and_ends_with_its_service_account(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let program = async |scopes: Value| {
            let account = json!({"name": "Portal", "scopes": scopes, "ends_on": "2026-08-31"});
            let account = owner.post("/v1/service-accounts").json(account).send().await.expect(201);
            let key = json!({"expires_on": "2026-08-31", "password": PASSWORD});
            let key = owner.post(format!("/v1/service-accounts/{}/keys", account["id"].as_str().unwrap())).json(key).send().await.expect(201);
            (app.anonymous().with_token(key["key"].as_str().unwrap()), account)
        };
        let (deaf, _) = program(json!(["events:write"])).await;
        let wanted = json!({"url": "https://8.8.8.8/hook"});
        deaf.post("/v1/webhook-endpoints").json(wanted).send().await.refused(403, "insufficient_scope");
        let (key, account) = program(json!(["events:read", "events:write", "pilots:read"])).await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&key, &receiver, json!([])).await;
        assert_eq!((&made["owner_id"], &made["service_account_id"]), (&json!(owner.id), &account["id"]));
        let personal = endpoint(&owner, &receiver, json!(["gate_decision"])).await;
        assert_eq!(personal["service_account_id"], Value::Null);
        // The key has its own, the person has both.
        key.get(place(&personal)).send().await.refused(404, "not_found");
        key.patch(place(&personal)).if_match("*").merge(json!({"record_types": []})).send().await.refused(404, "not_found");
        assert_eq!(key.get("/v1/webhook-endpoints").send().await.expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(owner.get("/v1/webhook-endpoints").send().await.expect(200)["items"].as_array().unwrap().len(), 2);
        owner.delete(place(&personal)).if_match("*").send().await.expect(204);
        let design = app.design(&owner, &officer).await;
        let plan = json!({"milestones": [{"title": {"en": "First camp"}, "is_mandatory": true}]});
        owner.post(format!("{}/plans", path(&design))).json(plan).send().await.expect(201);
        step(&app.state).await;
        let kinds = |receiver: &Receiver| receiver.bodies().iter().map(|body| body["type"].as_str().unwrap().to_owned()).collect::<std::collections::BTreeSet<_>>();
        let told = kinds(&receiver);
        assert!(told.contains("pilot.changed") && !told.contains("plan.changed"), "{told:?}");
        // Ended by its day: queued before, not sent after; nothing more is queued.
        receiver.clear();
        owner.patch(path(&design)).if_match("*").merge(json!({"tags": ["x"]})).send().await;
        let again = app.draft(&owner).await;
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        app.advance(chrono::Duration::days(70));
        run_once(&app.state).await.unwrap();
        assert!(receiver.bodies().is_empty());
        let owner = app.renewed(&owner).await;
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["y"]})).send().await.expect(200);
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        assert!(deliveries(&owner, &made).await.iter().all(|delivery| delivery["status"] != "pending"));
        // Lengthened, it goes on; revoked, it is over for good.
        let service = format!("/v1/service-accounts/{}", account["id"].as_str().unwrap());
        owner.patch(&service).if_match("*").merge(json!({"ends_on": "2026-12-31"})).send().await.expect(200);
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["z"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        receiver.clear();
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["a"]})).send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        fan_out(&app.state).await.unwrap();
        let revoke = json!({"action": "revoke", "reason": "The portal is gone."});
        owner.post(format!("{service}/transitions")).if_match("*").json(revoke).send().await.expect(200);
        run_once(&app.state).await.unwrap();
        owner.patch(path(&again)).if_match("*").merge(json!({"tags": ["b"]})).send().await.expect(200);
        step(&app.state).await;
        assert!(receiver.bodies().is_empty(), "{:?}", receiver.bodies());
        let after = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&after["status"], &after["allowed_actions"]), (&json!("disabled"), &json!([])));
        assert!(after["status_reason"].as_str().unwrap().contains("revoked"));
        let enable = owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": "enable"}));
        enable.send().await.refused(409, "conflict");
    }

    async fn administrators_see_and_stop_all_endpoints_without_their_secrets(app: App) {
        let (owner, stranger, admin, auditor) = (app.owner().await, app.stranger().await, app.admin().await, app.auditor().await);
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let listed = async |who: &Client, query: &str| who.get(format!("/v1/webhook-endpoints{query}")).send().await.expect(200)["items"].clone();
        for who in [&admin, &auditor] {
            let seen = &listed(who, &format!("?owner_id={}&status=active", owner.id)).await[0];
            assert_eq!((&seen["id"], &seen["owner_id"], &seen["secret"]), (&made["id"], &json!(owner.id), &Value::Null));
            let url = seen["url"].as_str().unwrap();
            assert!(url.ends_with("/…") && !url.contains("hook") && receiver.url.starts_with(url.trim_end_matches("/…")), "{url}");
            assert_eq!(who.get(place(&made)).send().await.expect(200)["url"], url);
        }
        assert_eq!(listed(&owner, "").await[0]["url"], receiver.url);
        assert_eq!(listed(&stranger, "").await, json!([]));
        assert_eq!(listed(&stranger, &format!("?owner_id={}", owner.id)).await, json!([]));
        // What is the owner's stays the owner's.
        admin.post(format!("{}/secrets", place(&made))).send().await.refused(404, "not_found");
        admin.get(format!("{}/deliveries", place(&made))).send().await.refused(404, "not_found");
        let act = async |who: &Client, body: Value| who.post(format!("{}/transitions", place(&made))).if_match("*").json(body).send().await;
        act(&admin, json!({"action": "pause"})).await.refused(403, "forbidden");
        act(&owner, json!({"action": "disable", "reason": "x"})).await.refused(403, "forbidden");
        act(&auditor, json!({"action": "disable", "reason": "x"})).await.refused(403, "forbidden");
        assert_eq!(findings(&act(&admin, json!({"action": "disable"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let stopped = act(&admin, json!({"action": "disable", "reason": "It posts to a private company."})).await.expect(200);
        assert_eq!((&stopped["status"], &stopped["allowed_actions"]), (&json!("disabled"), &json!(["enable", "disable"])));
        app.draft(&owner).await;
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        let own = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&own["status_reason"], &own["allowed_actions"]), (&json!("It posts to a private company."), &json!([])));
        act(&owner, json!({"action": "enable"})).await.refused(403, "forbidden");
        let entries = auditor.get("/v1/audit-entries?operation=transition_webhook_endpoint.disable").send().await.expect(200);
        assert_eq!((&entries["items"][0]["actor_id"], &entries["items"][0]["record_id"]), (&json!(admin.id), &made["id"]));
        act(&admin, json!({"action": "enable"})).await.expect(200);
        // What the owner paused is the owner's to enable.
        act(&owner, json!({"action": "pause"})).await.expect(200);
        act(&admin, json!({"action": "enable"})).await.refused(403, "forbidden");
        act(&owner, json!({"action": "enable"})).await.expect(200);
        app.draft(&owner).await;
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        // A kind of record that there is none of.
        let wrong = json!({"url": receiver.url, "record_types": ["pilot", "pilots"]});
        let problem = owner.post("/v1/webhook-endpoints").json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/record_types/1 enum"]);
    }

    async fn what_happens_during_a_pause_is_not_sent_and_is_in_the_feed(app: App) {
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let draft = app.draft(&owner).await;
        step(&app.state).await;
        let last = receiver.bodies()[0]["data"]["position"].as_i64().unwrap();
        let act = async |action: &str| owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": action})).send().await.expect(200);
        act("pause").await;
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        step(&app.state).await;
        act("enable").await;
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1, "nothing of the pause is sent");
        let missed = owner.get(format!("/v1/changes?record_type=pilot&after_position={last}")).send().await.expect(200);
        assert_eq!((missed["items"].as_array().unwrap().len(), &missed["items"][0]["version"]), (1, &json!(2)));
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["y"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().last().unwrap()["data"]["version"], 3);
    }
}
