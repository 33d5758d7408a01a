//! What waits for whom, along the way of a request, and that nobody is offered what they are barred from.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::json;

use crate::support::{builders::*, funding_reviews::*};

on_both_engines! {
    async fn the_way_of_a_pilot_and_its_request(app: App) {
        let owner = app.owner().await;
        let (officer, colleague) = (app.officer().await, app.person("Colleague", &[Role::ProgrammeOfficer], app.people.livestock_office).await);
        app.anonymous().get("/v1/me/tasks").send().await.refused(401, "unauthenticated");
        assert_eq!(tasks(&officer).await, []);
        let pilot = app.submitted(&owner).await;
        let one = |kind: &str, place: String| vec![(kind.to_owned(), place)];
        // Whoever works in the owner's office does not screen.
        assert_eq!((tasks(&officer).await, tasks(&colleague).await), (one("screening", path(&pilot)), vec![]));
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        assert_eq!(tasks(&officer).await, one("screening", path(&pilot)));
        let second = app.second_officer().await;
        assert_eq!(tasks(&second).await, []);
        act(&officer, &pilot, json!({"action": "request_changes", "reason": "Where?", "due_on": "2026-07-20"})).await;
        assert_eq!((tasks(&officer).await, tasks(&owner).await), (vec![], one("changes", path(&pilot))));
        let shown = owner.get("/v1/me/tasks").send().await.expect(200)["items"][0].clone();
        assert_eq!((&shown["due_on"], &shown["is_overdue"], &shown["reference"]), (&json!("2026-07-20"), &json!(false), &pilot["reference"]));
        assert_eq!(shown["title"], json!({"bn": "কর্মকর্তার চাওয়া অনুযায়ী পাইলট সংশোধন করুন: পশু স্বাস্থ্য শিবির", "en": "Change the pilot as the officer asked: Animal Health Camp"}));
        app.advance(Duration::days(30));
        assert_eq!(app.renewed(&owner).await.get("/v1/me/tasks").send().await.expect(200)["items"][0]["is_overdue"], true);
    }

    async fn the_steps_of_a_request_wait_for_those_who_may(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let place = request_path(request);
        let one = |kind: &str| vec![(kind.to_owned(), place.clone())];
        let [first, second] = &scene.reviewers;
        assert_eq!(tasks(&scene.fund_officer).await, one("eligibility"));
        let [mine, other] = scene.under_review(request).await;
        assert_eq!(tasks(&scene.fund_officer).await, []);
        assert_eq!(tasks(first).await, [("conflict_declaration".to_owned(), review_path(&mine))]);
        step(first, &review_path(&mine), json!({"action": "declare"})).await;
        assert_eq!(tasks(first).await, [("review".to_owned(), review_path(&mine))]);
        let full = json!({"scores": [{"criterion": "impact", "score": 5}, {"criterion": "cost", "score": 5}]});
        first.patch(review_path(&mine)).if_match("*").merge(full).send().await.expect(200);
        step(first, &review_path(&mine), json!({"action": "submit"})).await;
        assert_eq!((tasks(first).await, tasks(&scene.fund_officer).await), (vec![], vec![]));
        review(second, &other, Some(3), Some(3)).await;
        assert_eq!(tasks(&scene.fund_officer).await, one("panel"));
        step(&scene.fund_officer, &place, json!({"action": "start_panel"})).await;
        assert_eq!((tasks(&scene.fund_officer).await, tasks(&scene.fund_approver).await), (one("recommendation"), vec![]));
        let meeting = scene.meeting(&app).await;
        scene.recommend(request, &meeting, "200000.00").await.expect(200);
        assert_eq!((tasks(&scene.fund_officer).await, tasks(&scene.fund_approver).await), (vec![], one("approval")));
        decide(&scene.fund_approver, request, json!({"decision": "award"})).await.expect(200);
        // Nothing of it before the release; then both sides sign.
        assert_eq!((tasks(&scene.fund_approver).await, tasks(&scene.owner).await), (vec![], vec![]));
        app.release_round(&scene.fund_officer, &scene.round).await;
        assert_eq!((tasks(&scene.owner).await, tasks(&scene.fund_officer).await), (one("agreement"), one("agreement")));
    }

    async fn a_handover_waits_as_long_as_it_is_open(app: App) {
        let (owner, officer, receiver) = (app.owner().await, app.officer().await, app.stranger().await);
        let second = app.second_officer().await;
        let pilot = app.design(&owner, &officer).await;
        let body = json!({"user_id": receiver.id, "previous_owner_stays": true, "reason": "Transferred."});
        let offer = owner.post(format!("{}/handovers", path(&pilot))).json(body).send().await.expect(201);
        let offered = format!("/v1/handovers/{}", offer["id"].as_str().unwrap());
        assert_eq!(tasks(&receiver).await, [("handover".to_owned(), offered)]);
        app.advance(Duration::days(15));
        let (receiver, second) = (app.renewed(&receiver).await, app.renewed(&second).await);
        assert_eq!((tasks(&receiver).await, tasks(&second).await), (vec![], vec![]));
    }
}
