//! Signed, in order, tried again, once.

use super::*;

on_both_engines! {
    async fn a_change_is_signed_and_says_no_more_than_where_to_look(app: App) {
        // The crate that verifies looks at the machine's clock.
        app.state.clock.set(Clock::system().now());
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        let made = endpoint(&owner, &receiver, json!(["pilot"])).await;
        let secret = made["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"));
        assert!(owner.get(place(&made)).send().await.expect(200)["secret"].is_null(), "shown once");
        let draft = app.draft(&owner).await;
        step(&app.state).await;
        let (headers, body) = receiver.got.lock().unwrap()[0].clone();
        Webhook::new(&secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
        assert!(Webhook::new(&secret).unwrap().verify(format!("{body} ").as_bytes(), &headers).is_err());
        let posted: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&posted["type"], &posted["data"]["record_id"], &posted["data"]["version"]), (&json!("pilot.changed"), &draft["id"], &json!(1)));
        assert_eq!(posted["data"].as_object().unwrap().len(), 4, "{posted}");
        let log = deliveries(&owner, &made).await;
        assert_eq!((&log[0]["status"], &log[0]["attempts"][0]["http_status"]), (&json!("delivered"), &json!(204)));
        assert_eq!(headers["webhook-id"], log[0]["id"].as_str().unwrap());
        // A new secret: both are good for a day.
        let rotated = owner.post(format!("{}/secrets", place(&made))).send().await.expect(200);
        receiver.clear();
        owner.post(format!("{}/tests", place(&made))).send().await.expect(201);
        step(&app.state).await;
        let (headers, body) = receiver.got.lock().unwrap()[0].clone();
        for secret in [&secret, rotated["secret"].as_str().unwrap()] {
            Webhook::new(secret).unwrap().verify(body.as_bytes(), &headers).unwrap();
        }
        assert_eq!(receiver.bodies()[0]["type"], "webhook.test");
        // A retry of the creation does not show the secret again, and the database holds none.
        let again = json!({"url": receiver.url});
        let first = owner.post("/v1/webhook-endpoints").key("k").json(again.clone()).send().await.expect(201);
        let retry = owner.post("/v1/webhook-endpoints").key("k").json(again).send().await.expect(201);
        assert_eq!((&retry["id"], &retry["secret"]), (&first["id"], &Value::Null));
    }

    async fn one_record_keeps_its_order_and_a_failure_is_tried_again(app: App) {
        let owner = app.owner().await;
        let (receiver, made, draft) = failing(&app, &owner).await;
        owner.patch(path(&draft)).if_match("*").merge(json!({"tags": ["x"]})).send().await.expect(200);
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1, "the second waits behind the first");
        let log = deliveries(&owner, &made).await;
        assert_eq!((log.len(), &log[1]["status"], &log[1]["attempts"][0]["http_status"], &log[1]["attempts"][0]["response"]), (2, &json!("pending"), &json!(500), &json!("hm")));
        assert!(owner.get(place(&made)).send().await.expect(200)["failing_since"].is_string());
        receiver.set(Mood::Status(204));
        app.advance(chrono::Duration::seconds(10));
        step(&app.state).await;
        let versions: Vec<Value> = receiver.bodies().iter().map(|body| body["data"]["version"].clone()).collect();
        assert_eq!(versions, [json!(1), json!(1), json!(2)]);
        let ids: Vec<String> = receiver.got.lock().unwrap().iter().map(|(headers, _)| headers["webhook-id"].to_str().unwrap().to_owned()).collect();
        assert!(ids[0] == ids[1] && ids[1] != ids[2], "a repetition has the same id");
        assert!(owner.get(place(&made)).send().await.expect(200)["failing_since"].is_null());
    }

    async fn an_endpoint_that_fails_for_three_days_is_disabled_and_can_come_back(app: App) {
        let owner = app.owner().await;
        let (receiver, made, _) = failing(&app, &owner).await;
        for _ in 0..100 {
            app.advance(chrono::Duration::hours(1));
            step(&app.state).await;
        }
        let owner = app.renewed(&owner).await;
        let disabled = owner.get(place(&made)).send().await.expect(200);
        assert_eq!((&disabled["status"], &disabled["allowed_actions"]), (&json!("disabled"), &json!(["enable"])));
        assert!(disabled["status_reason"].as_str().unwrap().contains("three days"));
        assert_eq!(deliveries(&owner, &made).await[0]["status"], "failed");
        // Its owner is told in the feed.
        let feed = owner.get("/v1/changes?record_type=webhook_endpoint&limit=200").send().await.expect(200);
        assert!(feed["items"].as_array().unwrap().iter().any(|change| change["action"] == "webhooks.disable"), "{feed}");
        // Nothing more is sent, nor replayed.
        receiver.clear();
        receiver.set(Mood::Status(204));
        app.draft(&owner).await;
        step(&app.state).await;
        assert!(receiver.bodies().is_empty());
        let since = json!({"since": "2026-01-01T00:00:00Z"});
        let replays = format!("{}/replays", place(&made));
        owner.post(&replays).json(since.clone()).send().await.refused(409, "conflict");
        owner.post(format!("{}/transitions", place(&made))).if_match("*").json(json!({"action": "enable"})).send().await.expect(200);
        let replayed = owner.post(&replays).json(since).send().await.expect(200);
        assert_eq!(replayed, json!({"replayed": 1, "has_more": false}));
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 1);
        let log = deliveries(&owner, &made).await;
        assert_eq!(log[0]["status"], "delivered");
        let one = format!("/v1/webhook-deliveries/{}", log[0]["id"].as_str().unwrap());
        owner.post(format!("{one}/replays")).send().await.expect(200);
        owner.post(format!("{one}/replays")).send().await.refused(409, "conflict");
        step(&app.state).await;
        assert_eq!(receiver.bodies().len(), 2);
        assert!(owner.get(&one).send().await.expect(200)["attempts"].as_array().unwrap().len() >= 3);
        // Gone is gone, at once.
        receiver.set(Mood::Status(410));
        owner.post(format!("{}/tests", place(&made))).send().await.expect(201);
        step(&app.state).await;
        assert_eq!(owner.get(place(&made)).send().await.expect(200)["status"], "disabled");
    }

    async fn two_instances_deliver_once(app: App) {
        let other = app.another_instance();
        let owner = app.owner().await;
        let receiver = Receiver::start("127.0.0.2").await;
        endpoint(&owner, &receiver, json!(["pilot"])).await;
        let drafts = futures_util::future::join_all((0..10).map(|_| app.draft(&owner))).await;
        seal_due(&app.state).await.unwrap();
        let (left, right) = tokio::join!(fan_out(&app.state), fan_out(&other));
        left.unwrap();
        right.unwrap();
        let (left, right) = tokio::join!(run_once(&app.state), run_once(&other));
        left.unwrap();
        right.unwrap();
        let mut got: Vec<String> = receiver.bodies().iter().map(|body| body["data"]["record_id"].as_str().unwrap().to_owned()).collect();
        got.sort();
        let mut expected: Vec<String> = drafts.iter().map(|draft| draft["id"].as_str().unwrap().to_owned()).collect();
        expected.sort();
        assert_eq!(got, expected);
    }
}
