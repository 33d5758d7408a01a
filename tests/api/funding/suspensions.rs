//! A suspended request: nothing is asked for, approved or paid; what was paid is still accounted for.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{
    App, Client, Response,
    builders::*,
    client::findings,
    funding_funds::taka,
    funding_reviews::{request_path, tasks},
    funding_tranches::*,
};

async fn move_request(who: &Client, cast: &Cast, command: Value) -> Response {
    who.post(format!("{}/transitions", request_path(&cast.request))).if_match("*").json(command).send().await
}

fn suspend() -> Value {
    json!({"action": "suspend", "reason": "An audit."})
}

/// Active, 45,000 of the first half accepted, the second half approved.
async fn approved(app: &App) -> (Cast, Value, Value) {
    let (cast, tranches) = app.cast_paid().await;
    move_request(&cast.fund_approver, &cast, suspend()).await.refused(409, "transition_not_allowed");
    app.pass(&cast.officer, &cast.pilot, "execution").await;
    let report = app.reported(&cast, &tranches[0], "50000.00").await;
    app.accepted(&cast, &report, "45000.00").await;
    let plan = app.plan_in_force(&cast.owner, &cast.pilot).await;
    let done = json!({"action": "complete", "done_on": app.today(), "evidence": "Sheet."});
    step(&cast.owner, &milestone_path(&plan["milestones"][0]), done).await;
    step(&cast.owner, &tranche_path(&tranches[1]), json!({"action": "request"})).await;
    let second = step(&cast.fund_approver, &tranche_path(&tranches[1]), json!({"action": "approve"})).await;
    let first = again_of(&cast.owner, &tranches[0]).await;
    (cast, first, second)
}

async fn again_of(who: &Client, tranche: &Value) -> Value {
    who.get(tranche_path(tranche)).send().await.expect(200)
}

on_both_engines! {
    async fn nothing_is_paid_until_it_is_resumed(app: App) {
        let (cast, first, second) = approved(&app).await;
        for who in [&cast.owner, &cast.officer, &cast.fund_officer, &cast.finance_officer] {
            move_request(who, &cast, suspend()).await.refused(403, "forbidden");
        }
        assert_eq!(findings(&move_request(&cast.fund_approver, &cast, json!({"action": "suspend"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let waiting = vec![("disbursement".to_owned(), tranche_path(&second))];
        assert_eq!(tasks(&cast.finance_officer).await, waiting);
        move_request(&cast.fund_approver, &cast, suspend()).await.expect(200);
        move_request(&cast.fund_approver, &cast, suspend()).await.refused(409, "transition_not_allowed");
        // Approved before or not.
        assert_eq!(tasks(&cast.finance_officer).await, []);
        assert_eq!(findings(&disburse(&app, &cast.finance_officer, &second).await.refused(409, "conditions_unmet")), ["agreement_not_in_force"]);
        let held = step(&cast.fund_approver, &tranche_path(&second), json!({"action": "withhold", "reason": "x"})).await;
        step(&cast.fund_approver, &tranche_path(&held), json!({"action": "release", "reason": "x"})).await;
        let ask = || cast.owner.post(format!("{}/transitions", tranche_path(&second))).if_match("*").json(json!({"action": "request"}));
        assert_eq!(findings(&ask().send().await.refused(409, "conditions_unmet")), ["agreement_not_in_force"]);
        move_request(&cast.finance_officer, &cast, json!({"action": "start_closing"})).await.refused(409, "transition_not_allowed");
        // What was paid is accounted for meanwhile.
        let back = refund(&app, &cast.finance_officer, &first, "5000.00").await.expect(200);
        assert_eq!((&back["status"], &back["refunded"]), (&json!("settled"), &taka("5000.00")));
        assert_eq!(app.request_now(&cast.request).await["status"], "suspended");
        // Resumed it goes on where it was.
        let resume = json!({"action": "resume", "reason": "Nothing was found."});
        assert_eq!(findings(&move_request(&cast.fund_approver, &cast, json!({"action": "resume"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        for who in [&cast.owner, &cast.fund_officer, &cast.finance_officer] {
            move_request(who, &cast, resume.clone()).await.refused(403, "forbidden");
        }
        move_request(&cast.fund_approver, &cast, resume.clone()).await.expect(200);
        move_request(&cast.fund_approver, &cast, resume).await.refused(409, "transition_not_allowed");
        assert_eq!(app.pay(&cast, &second).await["status"], "disbursed");
    }

    async fn the_team_neither_approves_nor_suspends_itself_and_an_old_login_does_not(app: App) {
        let (cast, ..) = approved(&app).await;
        use innovation_pilots::platform::auth::Role;
        let inside = app.person("Inside", &[Role::FundApprover], app.people.a2i).await;
        drawn_in(&app, &cast.pilot, &inside).await;
        move_request(&inside, &cast, suspend()).await.refused(403, "separation_of_duties");
        app.advance(Duration::minutes(20));
        let late = app.renewed(&cast.fund_approver).await;
        move_request(&late, &cast, suspend()).await.refused(401, "step_up_required");
        assert_eq!(app.request_now(&cast.request).await["status"], "active");
    }

    async fn a_suspended_request_can_still_be_terminated(app: App) {
        let (cast, _, second) = approved(&app).await;
        move_request(&cast.fund_approver, &cast, suspend()).await.expect(200);
        let end = terminate(&app, &cast.fund_approver, &cast.request).await.expect(200);
        assert_eq!((&end["status"], &end["released"], &end["to_recover"]), (&json!("terminated"), &taka("50000.00"), &taka("5000.00")));
        assert_eq!(again_of(&cast.owner, &second).await["status"], "cancelled");
        move_request(&cast.fund_approver, &cast, json!({"action": "resume", "reason": "x"})).await.refused(409, "transition_not_allowed");
        disburse(&app, &cast.finance_officer, &again_of(&cast.owner, &second).await).await.refused(409, "transition_not_allowed");
    }
}
