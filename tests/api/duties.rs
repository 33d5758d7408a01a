//! Separation of duties against people who try to get around it: leaving the team, joining late, replacing evidence.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{App, Client, Response, builders::*, people::Person};

async fn attempt(who: &Client, path: &str, command: Value) -> Response {
    who.post(format!("{path}/transitions")).if_match("*").json(command).send().await
}

async fn leave(owner: &Client, pilot: &Value, person: &Person) {
    owner.delete(format!("{}/members/{}", path(pilot), person.id)).if_match("*").send().await.expect(204);
}

async fn both(app: &App) -> Person {
    app.person("Both", &[Role::Innovator, Role::ProgrammeOfficer], app.people.land_office).await
}

fn measurement(kind: &str, from: &str, to: &str) -> Value {
    json!({
        "kind": kind, "sample_size": 50, "period_start_on": from, "period_end_on": to,
        "time": {"travel": "10.00", "waiting": "10.00", "processing": "10.00"}
    })
}

on_both_engines! {
    async fn leaving_the_team_makes_nobody_a_judge(app: App) {
        let (owner, officer, both) = (app.owner().await, app.officer().await, both(&app).await);
        let pilot = app.submitted(&owner).await;
        join(&owner, &pilot, &both, "member").await;
        leave(&owner, &pilot, &both).await;
        attempt(&both, &path(&pilot), json!({"action": "start_screening"})).await.refused(403, "separation_of_duties");
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        act(&officer, &pilot, json!({"action": "accept"})).await;
        let made = owner.post(format!("{}/tcv-measurements", path(&pilot))).json(measurement("baseline", "2026-01-01", "2026-01-31")).send().await;
        let measured = format!("/v1/tcv-measurements/{}", made.expect(201)["id"].as_str().unwrap());
        attempt(&owner, &measured, json!({"action": "submit"})).await.expect(200);
        for command in [json!({"action": "verify"}), json!({"action": "return", "reason": "x"})] {
            attempt(&both, &measured, command).await.refused(403, "separation_of_duties");
        }
        let decision = json!({"gate": "execution", "outcome": "refuse", "reason": "x"});
        both.post(format!("{}/gate-decisions", path(&pilot))).json(decision).send().await.refused(403, "separation_of_duties");
        // Coming back works, and so does leaving again.
        join(&owner, &pilot, &both, "member").await;
        let team = owner.get(format!("{}/members", path(&pilot))).send().await.expect(200);
        assert_eq!(team["items"].as_array().unwrap().len(), 2);
        leave(&owner, &pilot, &both).await;
        // There is nothing left to leave.
        both.delete(format!("{}/members/{}", path(&pilot), both.id)).if_match("*").send().await.refused(404, "not_found");
    }

    async fn who_left_no_longer_sees_what_the_team_sees(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let pilot = app.draft(&owner).await;
        join(&owner, &pilot, &stranger, "member").await;
        stranger.get(path(&pilot)).send().await.expect(200);
        leave(&owner, &pilot, &stranger).await;
        stranger.get(path(&pilot)).send().await.refused(404, "not_found");
        assert_eq!(stranger.get("/v1/pilots").send().await.expect(200)["items"], json!([]));
        // A deputy's place is free again.
        let other = app.person("Other", &[], app.people.land_office).await;
        join(&owner, &pilot, &stranger, "deputy").await;
        leave(&owner, &pilot, &stranger).await;
        join(&owner, &pilot, &other, "deputy").await;
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["deputy"]["id"], json!(other.id));
    }

    async fn an_owner_cannot_take_the_screener_into_the_team(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.screening(&owner, &officer).await;
        let member = json!({"user_id": officer.id, "role": "member"});
        owner.post(format!("{}/members", path(&pilot))).json(member).send().await.refused(409, "conflict");
        act(&officer, &pilot, json!({"action": "accept"})).await;
    }

    async fn what_a_gate_was_passed_on_is_not_replaced(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let deputy = app.deputy().await;
        let running = app.in_execution(&owner, Some(&deputy), &officer).await;
        let completed = app.completed(&owner, Some(&deputy), &officer).await;
        for (pilot, kind) in [(&running, "baseline"), (&completed, "baseline"), (&completed, "endline")] {
            let before = owner.get(format!("{}/tcv-comparison", path(pilot))).send().await.expect(200);
            let made = owner.post(format!("{}/tcv-measurements", path(pilot))).json(measurement(kind, "2026-06-01", "2026-06-02")).send().await;
            if made.status == 201 {
                let measured = format!("/v1/tcv-measurements/{}", made.json()["id"].as_str().unwrap());
                attempt(&owner, &measured, json!({"action": "submit"})).await.refused(409, "conditions_unmet");
            }
            assert_eq!(owner.get(format!("{}/tcv-comparison", path(pilot))).send().await.expect(200), before);
        }
    }

    async fn drafts_of_plans_and_reasons_of_the_screening_stay_with_the_team(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.screening(&owner, &officer).await;
        act(&officer, &pilot, json!({"action": "request_changes", "reason": "Between us.", "due_on": "2026-07-20"})).await;
        act(&owner, &pilot, json!({"action": "submit"})).await;
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        act(&officer, &pilot, json!({"action": "accept"})).await;
        let history = |who: Client| { let address = format!("{}/transitions", path(&pilot)); async move { who.get(address).send().await.expect(200).to_string() } };
        assert!(history(owner.client.clone()).await.contains("Between us."));
        assert!(!history(stranger.client.clone()).await.contains("Between us."));
        let draft = json!({"milestones": [{"title": {"en": "Secret"}, "is_mandatory": true}]});
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(draft).send().await.expect(201);
        stranger.get(format!("/v1/plans/{}", plan["id"].as_str().unwrap())).send().await.refused(404, "not_found");
        stranger.get(format!("/v1/milestones/{}", plan["milestones"][0]["id"].as_str().unwrap())).send().await.refused(404, "not_found");
        let listed = stranger.get(format!("{}/plans?include_total=true", path(&pilot))).send().await.expect(200);
        assert_eq!((&listed["items"], &listed["total"]["value"]), (&json!([]), &json!(0)));
        officer.get(format!("/v1/plans/{}", plan["id"].as_str().unwrap())).send().await.expect(200);
    }

    async fn invisible_and_turning_characters_are_refused(app: App) {
        let owner = app.owner().await;
        for text in ["\u{200B}", "\u{2060}", "\u{3164}", "\u{202E}abc", "a\u{2066}b"] {
            owner.post("/v1/pilots").json(json!({"title": {"en": text}})).send().await.refused(422, "validation_failed");
        }
        // Bangla needs its joiners.
        owner.post("/v1/pilots").json(json!({"title": {"bn": "র\u{200D}্যাব"}})).send().await.expect(201);
    }
}
