//! The whole way of a pilot, from the first draft to the end.

use serde_json::{Value, json};

use crate::support::{Client, builders::*, client::findings};

/// The unmet conditions of a gate.
async fn unmet(who: &Client, pilot: &Value, gate: &str) -> Vec<String> {
    let view = who.get(format!("{}/gates/{gate}", path(pilot))).send().await.expect(200);
    let conditions = view["conditions"].as_array().unwrap();
    let codes: Vec<String> = conditions
        .iter()
        .filter(|it| it["result"] == "unmet")
        .map(|it| it["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(view["is_met"], json!(codes.is_empty()));
    codes
}

on_both_engines! {
    async fn from_a_draft_through_both_gates(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.draft(&owner).await;
        assert_eq!(unmet(&owner, &pilot, "execution").await, ["G1.TCV_BASELINE", "G1.PLAN", "G1.FUNDED", "G1.TEAM"]);
        act(&owner, &pilot, json!({"action": "submit"})).await;
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        act(&officer, &pilot, json!({"action": "accept"})).await;
        let pass = async |gate: &str| officer.post(format!("{}/gate-decisions", path(&pilot))).json(json!({"gate": gate, "outcome": "pass"})).send().await;

        // Gate 1, one condition after the other.
        assert_eq!(findings(&pass("execution").await.refused(409, "conditions_unmet")), ["G1.FUNDED", "G1.PLAN", "G1.TCV_BASELINE", "G1.TEAM"]);
        join(&owner, &pilot, &deputy, "deputy").await;
        assert_eq!(unmet(&owner, &pilot, "execution").await, ["G1.TCV_BASELINE", "G1.PLAN", "G1.FUNDED"]);
        app.measured(&owner, &officer, &pilot, "baseline").await;
        assert_eq!(unmet(&owner, &pilot, "execution").await, ["G1.TCV_BASELINE", "G1.PLAN", "G1.FUNDED"], "the targets are missing");
        let plan = app.planned(&owner, &pilot).await;
        assert_eq!(unmet(&owner, &pilot, "execution").await, ["G1.FUNDED"]);
        app.funded(&owner, &officer, &pilot, &plan).await;
        assert_eq!(unmet(&owner, &pilot, "execution").await, Vec::<String>::new());
        let first = pass("execution").await.expect(201);
        assert_eq!((&first["status"], &first["plan_id"]), (&json!("confirmed"), &plan["id"]));
        let running = owner.get(path(&pilot)).send().await.expect(200);
        assert_eq!((&running["status"], &running["phase"]), (&json!("in_execution"), &json!("execution")));
        assert_eq!(app.plan_in_force(&owner, &pilot).await["id"], plan["id"]);
        pass("execution").await.refused(409, "transition_not_allowed");

        // Gate 2, likewise.
        let all = ["G2.MILESTONES", "G2.TCV_ENDLINE", "G2.LESSONS", "G2.PUBLIC"];
        let mut open = unmet(&owner, &pilot, "celebration").await;
        open.sort();
        let mut expected = all.to_vec();
        expected.sort_unstable();
        assert_eq!(open, expected);
        let done = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "Attendance sheet."});
        step(&deputy, &milestone_path(&plan["milestones"][0]), done).await;
        app.measured(&owner, &officer, &pilot, "endline").await;
        let mut open = unmet(&owner, &pilot, "celebration").await;
        open.sort();
        assert_eq!(open, ["G2.LESSONS", "G2.PUBLIC"]);
        owner.patch(format!("{}/final-report", path(&pilot))).if_match("\"0\"").merge(final_report()).send().await.expect(200);
        assert_eq!(unmet(&owner, &pilot, "celebration").await, Vec::<String>::new());
        pass("celebration").await.expect(201);

        let completed = owner.get(path(&pilot)).send().await.expect(200);
        assert_eq!((&completed["status"], &completed["phase"]), (&json!("completed"), &json!("celebration")));
        assert!(completed["completed_at"].is_string());
        for gate in ["execution", "celebration"] {
            let view = owner.get(format!("{}/gates/{gate}", path(&pilot))).send().await.expect(200);
            assert_eq!((&view["is_passed"], &view["is_met"]), (&json!(true), &json!(true)));
        }
        let history = owner.get(format!("{}/transitions", path(&pilot))).send().await.expect(200);
        let steps: Vec<(&str, &str)> = history["items"].as_array().unwrap().iter().map(|it| (it["action"].as_str().unwrap(), it["to_status"].as_str().unwrap())).collect();
        assert_eq!(
            steps,
            [("submit", "submitted"), ("start_screening", "screening"), ("accept", "design"), ("start_execution", "in_execution"), ("complete", "completed")]
        );
        let decisions = owner.get(format!("{}/gate-decisions", path(&pilot))).send().await.expect(200);
        assert_eq!(decisions["items"].as_array().unwrap().len(), 2);
    }

    async fn a_completed_pilot_shows_what_it_changed(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.completed(&owner, Some(&deputy), &officer).await;
        assert_eq!(pilot["status"], "completed");
        let compared = app.stranger().await.get(format!("{}/tcv-comparison", path(&pilot))).send().await.expect(200);
        let percent = |figure: &str| compared[figure]["total"]["reduction_percent"].clone();
        assert_eq!((percent("time"), percent("cost"), percent("visits")), (json!("77.0"), json!("97.0"), json!("-11.1")));
        assert_eq!(compared["cost"]["assistance"]["reason"], "baseline_zero");
        assert_eq!(compared["method_version"], "2026.1");
    }

    async fn without_a_deputy_two_officers_let_it_pass(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.completed(&owner, None, &officer).await;
        assert_eq!(pilot["status"], "completed");
        let decisions = owner.get(format!("{}/gate-decisions", path(&pilot))).send().await.expect(200);
        let conditions = decisions["items"].as_array().unwrap().iter().flat_map(|it| it["conditions"].as_array().unwrap());
        let waived: Vec<&str> = conditions.filter(|it| it["result"] == "waived").map(|it| it["code"].as_str().unwrap()).collect();
        assert_eq!(waived, ["G1.TEAM"]);
    }

    async fn nothing_moves_after_the_end(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.completed(&owner, Some(&deputy), &officer).await;
        let plan = app.plan_in_force(&owner, &pilot).await;
        owner.post(format!("{}/plans", path(&pilot))).json(plan_content(&owner)).send().await.refused(409, "transition_not_allowed");
        let reopen = owner.post(format!("{}/transitions", milestone_path(&plan["milestones"][0]))).if_match("*").json(json!({"action": "reopen"}));
        reopen.send().await.refused(409, "transition_not_allowed");
        owner.patch(format!("{}/final-report", path(&pilot))).if_match("*").merge(json!({"public_summary": null})).send().await.refused(409, "transition_not_allowed");
        assert_eq!(plan["allowed_actions"], json!([]));
        for gate in ["execution", "celebration"] {
            let again = officer.post(format!("{}/gate-decisions", path(&pilot))).json(json!({"gate": gate, "outcome": "pass"}));
            again.send().await.refused(409, "transition_not_allowed");
        }
    }
}
