//! Rejecting or merging a pilot ends its requests like every other end. By its lifecycle a pilot has none at that time; the
//! tests put it back into its screening, as a repair of the database might.

use serde_json::{Value, json};

use crate::support::{App, builders::*, funding_funds::taka, funding_reviews::request_path, funding_tranches::*};

async fn back_in_screening(app: &App, cast: &Cast) {
    let id = cast.pilot["id"].as_str().unwrap();
    app.sql(format!("UPDATE pilots SET status = 'screening' WHERE id = '{id}';")).await;
}

async fn position(cast: &Cast) -> [Value; 3] {
    let round = cast.round["id"].as_str().unwrap();
    let position = cast.fund_officer.get(format!("/v1/funding-rounds/{round}/position")).send().await.expect(200);
    ["available", "reserved", "committed"].map(|name| position[name].clone())
}

/// Who moved the request last, and how.
async fn last_step(cast: &Cast) -> (Value, Value) {
    let place = format!("{}/transitions?limit=100", request_path(&cast.request));
    let history = cast.fund_officer.get(place).send().await.expect(200);
    let last = history["items"].as_array().unwrap().last().unwrap().clone();
    (last["action"].clone(), last["actor"].clone())
}

on_both_engines! {
    async fn a_rejected_pilot_lets_go_of_what_is_reserved(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        assert_eq!(position(&cast).await, [taka("350000.00"), taka("100000.00"), taka("0.00")]);
        back_in_screening(&app, &cast).await;
        act(&cast.officer, &cast.pilot, json!({"action": "reject", "reason": "No service.", "reason_code": "out_of_scope"})).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "withdrawn");
        assert_eq!(position(&cast).await, [taka("450000.00"), taka("0.00"), taka("0.00")]);
        assert_eq!(last_step(&cast).await, (json!("withdraw"), json!(null)));
    }

    async fn a_merged_pilot_is_paid_no_more_and_owes_what_it_got(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let survivor = app.design(&cast.deputy, &app.second_officer().await.client).await;
        back_in_screening(&app, &cast).await;
        for duplicate in duplicates(&cast.officer, &survivor, "dismissed").await {
            step(&cast.officer, &duplicate_path(&duplicate), json!({"action": "reopen", "reason": "The same after all."})).await;
        }
        act(&cast.officer, &cast.pilot, json!({"action": "merge", "merged_into_id": survivor["id"]})).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "terminated");
        assert_eq!(position(&cast).await, [taka("400000.00"), taka("0.00"), taka("50000.00")]);
        assert_eq!(last_step(&cast).await, (json!("terminate"), json!(null)));
        let states: Vec<Value> = cast.fund_officer.get(format!("{}/tranches", request_path(&cast.request))).send().await.expect(200)["items"]
            .as_array().unwrap().iter().map(|it| it["status"].clone()).collect();
        assert_eq!(states, ["disbursed", "cancelled"]);
        let back = refund(&app, &cast.finance_officer, &tranches[0], "50000.00").await.expect(200);
        assert_eq!(back["unproven"], taka("0.00"));
        assert_eq!(position(&cast).await, [taka("450000.00"), taka("0.00"), taka("0.00")]);
    }
}
