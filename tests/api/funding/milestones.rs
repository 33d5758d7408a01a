//! The milestones of a tranche are those of the plan version that its request was handed in on; a later version carries
//! them over, at whatever place, and what it leaves out is not reached.

use serde_json::{Value, json};

use crate::support::{App, builders::*, funding_tranches::*, people::Person};

/// What stands in the way of asking for a tranche.
async fn closed(who: &Person, tranche: &Value) -> Vec<String> {
    let all = who.get(format!("{}/actions", tranche_path(tranche))).send().await.expect(200);
    let ask = all["items"].as_array().unwrap().iter().find(|item| item["action"] == "request").unwrap().clone();
    ask["conditions"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

/// A new plan version with these milestones, in force.
async fn in_force(app: &App, cast: &Cast, milestones: Value) -> Value {
    let mut content = plan_content(&cast.owner);
    content["milestones"] = milestones;
    let new = cast.owner.post(format!("{}/plans", path(&cast.pilot))).json(content).send().await.expect(201);
    step(&cast.owner, &plan_path(&new), json!({"action": "submit"})).await;
    step(&cast.officer, &plan_path(&new), json!({"action": "approve"})).await;
    app.plan_in_force(&cast.owner, &cast.pilot).await
}

async fn complete(app: &App, cast: &Cast, milestone: &Value) {
    let done = json!({"action": "complete", "done_on": app.today(), "evidence": "Sheet."});
    step(&cast.owner, &milestone_path(milestone), done).await;
}

on_both_engines! {
    async fn a_milestone_is_followed_through_newer_plans(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        app.accepted(&cast, &report, "50000.00").await;
        let old = app.plan_in_force(&cast.owner, &cast.pilot).await;
        assert_eq!(tranches[1]["milestones"], json!([1]));
        let new = |title: &str| json!({"title": {"en": title}, "due_on": "2026-10-01", "responsible_id": cast.owner.id, "is_mandatory": true});
        let carried = |title: &str, from: &Value| {
            let mut milestone = new(title);
            milestone["previous_milestone_id"] = from["id"].clone();
            milestone
        };
        // The camp is the second now.
        let second = in_force(&app, &cast, json!([new("A song"), carried("Camp", &old["milestones"][0])])).await;
        assert_eq!(closed(&cast.owner, &tranches[1]).await, ["milestones_open"]);
        // What has its number meanwhile does not stand for it.
        complete(&app, &cast, &second["milestones"][0]).await;
        assert_eq!(closed(&cast.owner, &tranches[1]).await, ["milestones_open"]);
        complete(&app, &cast, &second["milestones"][1]).await;
        assert_eq!(closed(&cast.owner, &tranches[1]).await, [""; 0]);
        // Over two versions, in the third place.
        let third = json!([new("A song"), new("A film"), carried("Camp", &second["milestones"][1])]);
        in_force(&app, &cast, third).await;
        assert_eq!(closed(&cast.owner, &tranches[1]).await, [""; 0]);
        // A version that no longer has it: nothing shows that it is reached.
        in_force(&app, &cast, json!([new("A song")])).await;
        assert_eq!(closed(&cast.owner, &tranches[1]).await, ["milestones_open"]);
        let ask = cast.owner.post(format!("{}/transitions", tranche_path(&tranches[1]))).if_match("*").json(json!({"action": "request"}));
        ask.send().await.refused(409, "conditions_unmet");
    }
}
