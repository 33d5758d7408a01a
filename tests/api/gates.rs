//! The gates: how they stand, who decides, and what a refusal keeps.

use innovation_pilots::platform::auth::Role;
use serde_json::json;

use crate::support::{builders::*, client::findings};

on_both_engines! {
    async fn a_gate_is_read_by_whoever_sees_the_pilot(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        let gate = format!("{}/gates/execution", path(&draft));
        stranger.get(&gate).send().await.refused(404, "not_found");
        app.anonymous().get(&gate).send().await.refused(401, "unauthenticated");
        owner.get(format!("{}/gates/heaven", path(&draft))).send().await.refused(404, "not_found");
        let team = async || {
            let view = owner.get(&gate).send().await.expect(200);
            assert_eq!((&view["is_passed"], &view["open_decision_id"]), (&json!(false), &json!(null)));
            view["conditions"].as_array().unwrap().iter().find(|it| it["code"] == "G1.TEAM").unwrap()["result"].clone()
        };
        assert_eq!(team().await, "unmet");
        let deputy = app.person("Deputy", &[Role::Innovator], app.people.livestock_office).await;
        join(&owner, &draft, &deputy, "deputy").await;
        assert_eq!(team().await, "met");
        officer.post(format!("{}/gate-decisions", path(&draft))).json(json!({"gate": "execution", "outcome": "pass"})).send().await.refused(409, "transition_not_allowed");
    }

    async fn a_refusal_leaves_the_pilot_and_keeps_the_conditions(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let decisions = format!("{}/gate-decisions", path(&pilot));
        let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "The plan is thin."});
        owner.post(&decisions).json(refusal.clone()).send().await.refused(403, "forbidden");
        let bare = json!({"gate": "execution", "outcome": "refuse", "waivers": [{"code": "G1.TEAM", "reason": "Soon."}]});
        let problem = officer.post(&decisions).json(bare).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required", "#/waivers not_allowed"]);
        let answer = officer.post(&decisions).json(refusal).send().await;
        let decision = answer.expect(201);
        assert_eq!(answer.header("location").unwrap(), format!("/v1/gate-decisions/{}", decision["id"].as_str().unwrap()));
        assert_eq!((&decision["status"], &decision["allowed_actions"]), (&json!("confirmed"), &json!([])));
        assert!(decision["conditions"].as_array().unwrap().iter().any(|it| it["code"] == "G1.TEAM" && it["result"] == "unmet"));
        assert_eq!(officer.get(path(&pilot)).send().await.expect(200)["status"], "design");
        let found = owner.get(answer.header("location").unwrap()).send().await.expect(200);
        assert_eq!(owner.get(&decisions).send().await.expect(200)["items"], json!([found]));
    }

    async fn a_pass_names_every_unmet_condition_and_every_wrong_waiver(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let decide = officer.post(format!("{}/gate-decisions", path(&pilot)));
        let unmet = decide.json(json!({"gate": "execution", "outcome": "pass"})).send().await.refused(409, "conditions_unmet");
        assert!(findings(&unmet).contains(&"G1.TEAM".to_owned()));
        let waive = |code: &str| json!({"code": code, "reason": "So be it."});
        let waivers = json!([waive("G1.TEAM"), waive("G9.NONE"), waive("G1.TEAM")]);
        let decide = officer.post(format!("{}/gate-decisions", path(&pilot)));
        let wrong = decide.json(json!({"gate": "execution", "outcome": "pass", "waivers": waivers})).send().await;
        assert_eq!(
            findings(&wrong.refused(422, "validation_failed")),
            ["#/waivers/1/code unknown_condition", "#/waivers/2/code duplicate"]
        );
    }
}
