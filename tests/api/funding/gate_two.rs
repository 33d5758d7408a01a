//! Gate 2 is read by the team and by every official: before the results of a round are released its condition about money
//! says the same, whatever was decided.

use serde_json::{Value, json};

use crate::support::{
    App, Client, builders::*, funding_funds::taka, funding_reviews::request_path, funding_tranches::*,
};

/// In execution with local money, while its request is before the panel.
async fn running(app: &App) -> Cast {
    let cast = app.cast_before_panel().await;
    let source = app.source(&cast.owner, &cast.pilot, taka("100000.00")).await;
    step(&cast.officer, &source_path(&source), json!({"action": "confirm"})).await;
    app.pass(&cast.officer, &cast.pilot, "execution").await;
    cast
}

/// The whole gate as the owner reads it, and as an officer does.
async fn gate(cast: &Cast) -> [Value; 2] {
    let place = format!("{}/gates/celebration", path(&cast.pilot));
    [cast.owner.get(&place).send().await.expect(200), cast.officer.get(&place).send().await.expect(200)]
}

async fn decide(app: &App, who: &Client, cast: &Cast, body: Value) {
    let present = app.request_now(&cast.request).await;
    who.post(format!("{}/decisions", request_path(&cast.request))).money(&present).json(body).send().await.expect(200);
}

on_both_engines! {
    async fn an_award_shows_with_the_release_and_not_before(app: App) {
        let cast = running(&app).await;
        let before = gate(&cast).await;
        let (result, why) = condition(&cast.owner, &cast.pilot, "G2.MONEY").await;
        assert!(result == "unmet" && why.contains("not decided"), "{result} {why}");
        app.recommend(&cast, &cast.request).await;
        assert_eq!(gate(&cast).await, before);
        app.award(&cast, &cast.request).await;
        assert_eq!(gate(&cast).await, before);
        app.release_round(&cast.fund_officer, &cast.round).await;
        let (result, why) = condition(&cast.owner, &cast.pilot, "G2.MONEY").await;
        assert!(result == "unmet" && why.contains("not signed"), "{result} {why}");
    }

    async fn neither_do_a_place_on_the_waiting_list_and_a_refusal(app: App) {
        let cast = running(&app).await;
        let before = gate(&cast).await;
        let meeting = app.meeting(&cast).await["id"].clone();
        decide(&app, &cast.fund_approver, &cast, json!({"decision": "waitlist", "reason": "Later.", "amount": taka("60000.00"), "panel_meeting_id": meeting})).await;
        assert_eq!(gate(&cast).await, before);
        // Who set the amount does not decide on it.
        let second = app.second_fund_approver().await;
        decide(&app, &second, &cast, json!({"decision": "decline", "reason": "Too dear."})).await;
        assert_eq!(gate(&cast).await, before);
        app.release_round(&cast.fund_officer, &cast.round).await;
        assert_eq!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.0, "not_applicable");
    }
}
