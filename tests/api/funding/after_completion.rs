//! What is paid after gate 2: the one tranche that is marked for it, and nothing else.

use serde_json::json;

use crate::support::{
    App, Client, Response, builders::*, client::findings, funding_funds::taka, funding_reviews::request_path,
    funding_tranches::*,
};

async fn ask(who: &Client, tranche: &serde_json::Value) -> Response {
    who.post(format!("{}/transitions", tranche_path(tranche)))
        .if_match("*")
        .json(json!({"action": "request"}))
        .send()
        .await
}

/// Sixty thousand now, forty when all is done; signed, and the first part paid, reported on and accepted in execution.
async fn used(app: &App, last_is_later: bool) -> (Cast, Vec<serde_json::Value>) {
    let cast = app.cast().await;
    let content = json!({"tranches": [
        {"amount": taka("60000.00"), "planned_on": "2026-07-01"},
        {"amount": taka("40000.00"), "planned_on": "2026-12-01", "is_post_completion": last_is_later}
    ]});
    let mut tranches = plan(&cast, content).await.expect(200)["items"].as_array().unwrap().clone();
    let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
    sign(&cast.owner, &cast.request, &file).await.expect(200);
    sign(&cast.fund_officer, &cast.request, &file).await.expect(200);
    tranches[0] = app.pay(&cast, &tranches[0]).await;
    app.pass(&cast.officer, &cast.pilot, "execution").await;
    let report = app.reported(&cast, &tranches[0], "60000.00").await;
    app.accepted(&cast, &report, "60000.00").await;
    let plan = app.plan_in_force(&cast.owner, &cast.pilot).await;
    let done = json!({"action": "complete", "done_on": app.today(), "evidence": "Sheet."});
    step(&cast.owner, &milestone_path(&plan["milestones"][0]), done).await;
    app.measured(&cast.owner, &cast.officer, &cast.pilot, "endline").await;
    let report = cast.owner.patch(format!("{}/final-report", path(&cast.pilot))).if_match("\"0\"");
    report.merge(final_report()).send().await.expect(200);
    (cast, tranches)
}

on_both_engines! {
    async fn the_marked_tranche_is_paid_after_gate_two_and_accounted_for(app: App) {
        let (cast, tranches) = used(&app, true).await;
        assert_eq!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.0, "met");
        app.pass(&cast.officer, &cast.pilot, "celebration").await;
        let last = app.pay(&cast, &tranches[1]).await;
        assert_eq!((&last["status"], &last["paid"]), (&json!("disbursed"), &taka("40000.00")));
        // It is no gift: without its report the request does not close.
        step(&cast.finance_officer, &request_path(&cast.request), json!({"action": "start_closing"})).await;
        let closing = app.request_now(&cast.request).await;
        let close = || cast.finance_officer.post(format!("{}/closure", request_path(&cast.request)));
        assert_eq!(findings(&close().money(&closing).send().await.refused(409, "conditions_unmet")), ["report_missing"]);
        let report = app.reported(&cast, &last, "40000.00").await;
        app.accepted(&cast, &report, "40000.00").await;
        let closing = app.request_now(&cast.request).await;
        let end = close().money(&closing).send().await.expect(200);
        assert_eq!((&end["status"], &end["released"]), (&json!("closed"), &taka("0.00")));
    }

    async fn a_payment_after_gate_two_that_failed_is_paid_anew(app: App) {
        let (cast, tranches) = used(&app, true).await;
        app.pass(&cast.officer, &cast.pilot, "celebration").await;
        let last = app.pay(&cast, &tranches[1]).await;
        let fail = cast.finance_officer.post(format!("{}/payment-failure", tranche_path(&last))).money(&last);
        let failed = fail.json(json!({"reason": "Wrong account."})).send().await.expect(200);
        assert_eq!(app.pay(&cast, &failed).await["status"], "disbursed");
    }

    async fn what_is_not_marked_keeps_the_gate_shut_and_is_never_paid_behind_it(app: App) {
        let (cast, tranches) = used(&app, false).await;
        let pass = json!({"gate": "celebration", "outcome": "pass"});
        let decide = || cast.officer.post(format!("{}/gate-decisions", path(&cast.pilot)));
        decide().json(pass.clone()).send().await.refused(409, "conditions_unmet");
        // Nor is the condition waived, with whatever reason.
        let mut waived = pass;
        waived["waivers"] = json!([{"code": "G2.MONEY", "reason": "It comes later."}]);
        assert!([409, 422].contains(&decide().json(waived).send().await.status.as_u16()));
        assert_eq!(cast.owner.get(path(&cast.pilot)).send().await.expect(200)["status"], "in_execution");
        // Were the gate passed all the same, nothing of it would be asked for, approved or paid.
        ask(&cast.owner, &tranches[1]).await.expect(200);
        let shut = format!("UPDATE pilots SET status = 'completed' WHERE id = '{}';", cast.pilot["id"].as_str().unwrap());
        app.sql(shut.clone()).await;
        let approve = json!({"action": "approve"});
        let place = format!("{}/transitions", tranche_path(&tranches[1]));
        let refused = cast.fund_approver.post(&place).if_match("*").json(approve.clone()).send().await;
        assert_eq!(findings(&refused.refused(409, "conditions_unmet")), ["pilot_ended"]);
        app.sql(shut.replace("completed", "in_execution")).await;
        let approved = cast.fund_approver.post(&place).if_match("*").json(approve).send().await.expect(200);
        app.sql(shut).await;
        assert_eq!(findings(&disburse(&app, &cast.finance_officer, &approved).await.refused(409, "conditions_unmet")), ["pilot_ended"]);
    }
}
