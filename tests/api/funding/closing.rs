//! The last stretch of a request: it begins to close when nothing is left to be paid, and whatever still goes wrong with a
//! payment does not keep it open for ever.

use serde_json::{Value, json};

use crate::support::{
    App, Client, Response, builders::*, client::findings, funding_funds::taka, funding_reviews::request_path,
    funding_tranches::*,
};

async fn start_closing(who: &Client, cast: &Cast) -> Response {
    let place = format!("{}/transitions", request_path(&cast.request));
    who.post(place).if_match("*").json(json!({"action": "start_closing"})).send().await
}

async fn close(app: &App, cast: &Cast) -> Response {
    let present = app.request_now(&cast.request).await;
    cast.finance_officer.post(format!("{}/closure", request_path(&cast.request))).money(&present).send().await
}

async fn fail(cast: &Cast, tranche: &Value) -> Value {
    let place = format!("{}/payment-failure", tranche_path(tranche));
    cast.finance_officer.post(place).money(tranche).json(json!({"reason": "Wrong account."})).send().await.expect(200)
}

async fn act_on(who: &Client, tranche: &Value, action: &str) -> Response {
    let body = json!({"action": action, "reason": (action != "request").then_some("x")});
    who.post(format!("{}/transitions", tranche_path(tranche))).if_match("*").json(body).send().await
}

async fn available(cast: &Cast) -> Value {
    let round = cast.round["id"].as_str().unwrap();
    let position = cast.fund_officer.get(format!("/v1/funding-rounds/{round}/position")).send().await.expect(200);
    position["available"].clone()
}

on_both_engines! {
    async fn it_begins_when_nothing_is_left_to_be_paid(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        start_closing(&cast.finance_officer, &cast).await.refused(409, "transition_not_allowed");
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        for who in [&cast.owner, &cast.deputy, &cast.officer, &cast.fund_officer, &cast.fund_approver] {
            start_closing(who, &cast).await.refused(403, "forbidden");
        }
        // Planned, held back: either is left to be paid.
        assert_eq!(findings(&start_closing(&cast.finance_officer, &cast).await.refused(409, "conditions_unmet")), ["tranches_unpaid"]);
        act_on(&cast.fund_approver, &tranches[1], "withhold").await.expect(200);
        assert_eq!(findings(&start_closing(&cast.finance_officer, &cast).await.refused(409, "conditions_unmet")), ["tranches_unpaid"]);
        act_on(&cast.fund_approver, &tranches[1], "cancel").await.expect(200);
        assert_eq!(start_closing(&cast.finance_officer, &cast).await.expect(200)["status"], "closing");
        start_closing(&cast.finance_officer, &cast).await.refused(409, "transition_not_allowed");
        // The commitment stays until it is closed; then what was not needed is free.
        assert_eq!(available(&cast).await, taka("350000.00"));
        assert_eq!(findings(&close(&app, &cast).await.refused(409, "conditions_unmet")), ["report_missing"]);
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        app.accepted(&cast, &report, "50000.00").await;
        assert_eq!(close(&app, &cast).await.expect(200)["released"], taka("50000.00"));
        assert_eq!(available(&cast).await, taka("400000.00"));
    }

    async fn a_payment_that_fails_meanwhile_is_given_up(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        act_on(&cast.fund_approver, &tranches[1], "cancel").await.expect(200);
        start_closing(&cast.finance_officer, &cast).await.expect(200);
        let failed = fail(&cast, &tranches[0]).await;
        assert_eq!(failed["status"], "failed");
        // It is not paid again while the request closes; it can only be cancelled, by an approver.
        assert_eq!(findings(&act_on(&cast.owner, &failed, "request").await.refused(409, "conditions_unmet")), ["agreement_not_in_force"]);
        assert_eq!(findings(&close(&app, &cast).await.refused(409, "conditions_unmet")), ["tranche_left"]);
        act_on(&cast.owner, &failed, "cancel").await.refused(403, "forbidden");
        assert_eq!(act_on(&cast.fund_approver, &failed, "cancel").await.expect(200)["status"], "cancelled");
        let end = close(&app, &cast).await.expect(200);
        assert_eq!((&end["status"], &end["released"]), (&json!("closed"), &taka("100000.00")));
        assert_eq!(available(&cast).await, taka("450000.00"));
    }

    async fn a_payment_that_fails_after_the_end_is_cancelled_and_frees_its_money(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        terminate(&app, &cast.fund_approver, &cast.request).await.expect(200);
        assert_eq!(available(&cast).await, taka("400000.00"));
        assert_eq!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.0, "unmet");
        assert_eq!(fail(&cast, &tranches[0]).await["status"], "cancelled");
        assert_eq!(available(&cast).await, taka("450000.00"));
        // Nothing of it stands in the way of gate 2.
        assert_eq!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.0, "met");
        let history = cast.owner.get(format!("{}/transitions?limit=100", tranche_path(&tranches[0]))).send().await.expect(200);
        let steps: Vec<&str> = history["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(steps, ["request", "approve", "disburse", "fail", "cancel"]);
    }
}
