//! What a front end is told of funds, rounds, reviews, reports and sources: what may be done, and what stands in the way.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{builders::*, funding_funds::*, funding_reviews::*, funding_tranches::*};

const OPEN: [&str; 0] = [];

fn place(collection: &str, record: &Value) -> String {
    format!("/v1/{collection}/{}", record["id"].as_str().unwrap())
}

on_both_engines! {
    async fn a_fund_says_why_it_cannot_be_closed(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let fund = format!("/v1/funds/{}", round["fund_id"].as_str().unwrap());
        assert_eq!(closed_on(&approver, &fund, "close").await, ["round_under_way"]);
        assert_eq!(closed_on(&approver, &fund, "reopen").await, ["transition_not_allowed"]);
        assert_eq!(closed_on(&officer, &fund, "close").await, ["forbidden"]);
        assert_eq!(closed_on(&officer, &fund, "edit").await, OPEN);
        app.decide_round(&officer, &round).await;
        step(&officer, &place("funding-rounds", &round), json!({"action": "finish_deciding"})).await;
        assert_eq!(closed_on(&approver, &fund, "close").await, OPEN);
        step(&approver, &fund, json!({"action": "close", "reason": "The programme ends."})).await;
        assert_eq!(closed_on(&finance, &fund, "add_capital").await, ["transition_not_allowed"]);
        // The same in the list.
        let listed = again(&approver, "/v1/funds").await;
        assert_eq!(listed["items"][0]["allowed_actions"], json!(["reopen"]));
    }

    async fn a_round_says_what_it_waits_for(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let (owner, programme) = (app.owner().await, app.officer().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let pilot = app.design(&owner, &programme).await;
        app.planned(&owner, &pilot).await;
        handed_in(&owner, &pilot, &round, "100000.00").await;
        let at = place("funding-rounds", &round);
        assert_eq!(closed_on(&officer, &at, "close").await, ["time_not_over"]);
        assert_eq!(closed_on(&officer, &at, "release").await, ["transition_not_allowed"]);
        let sentences = officer.get(format!("{at}/actions")).header("Accept-Language", "bn").send().await.expect(200);
        assert!(sentences.to_string().contains("পর্বটির সময় এখনো শেষ হয়নি।"), "{sentences}");
        app.decide_round(&officer, &round).await;
        let (officer, owner) = (app.renewed(&officer).await, app.renewed(&owner).await);
        assert_eq!(closed_on(&officer, &at, "finish_deciding").await, ["request_undecided"]);
        // Who may not do it is not told how far the others are.
        assert_eq!(closed_on(&owner, &at, "finish_deciding").await, ["forbidden"]);
        app.anonymous().get(format!("{at}/actions")).send().await.refused(401, "unauthenticated");
        app.sql("UPDATE funding_requests SET status = 'declined'").await;
        step(&officer, &at, json!({"action": "finish_deciding"})).await;
        assert_eq!(closed_on(&officer, &at, "archive").await, ["not_released"]);
        app.sql("UPDATE funding_rounds SET release_on = '2099-01-01'").await;
        assert_eq!(closed_on(&officer, &at, "release").await, ["too_early"]);
    }

    async fn a_review_says_what_is_missing(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [review, _] = scene.under_review(&scene.requests[0]).await;
        let (at, author) = (review_path(&review), &scene.reviewers[0]);
        assert_eq!(closed_on(author, &at, "submit").await, ["transition_not_allowed"]);
        assert_eq!(closed_on(author, &at, "declare").await, OPEN);
        assert_eq!(closed_on(author, &at, "replace").await, ["forbidden"]);
        step(author, &at, json!({"action": "declare"})).await;
        assert_eq!(closed_on(author, &at, "submit").await, ["criterion_missing", "criterion_missing", "nothing_scored"]);
        // The others learn no more than that it is not theirs.
        assert_eq!(closed_on(&scene.fund_officer, &at, "submit").await, ["forbidden"]);
        scene.owner.get(format!("{at}/actions")).send().await.refused(404, "not_found");
        scene.reviewers[1].get(format!("{at}/actions")).send().await.refused(404, "not_found");
    }

    async fn a_report_says_what_is_missing_and_who_may_not(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let lines = json!([{"head": "transport", "description": "Boats", "amount": taka("1000.00"), "spent_on": app.today(), "voucher_number": "1", "voucher_id": null}]);
        let of_tranche = format!("{}/expenditure-reports", tranche_path(&tranches[0]));
        let report = cast.owner.post(of_tranche).json(json!({"lines": lines})).send().await.expect(201);
        let at = place("expenditure-reports", &report);
        assert_eq!(closed_on(&cast.owner, &at, "submit").await, ["voucher_missing"]);
        assert_eq!(closed_on(&cast.fund_officer, &at, "check").await, ["transition_not_allowed"]);
        app.advance(Duration::minutes(1));
        app.sql(format!("UPDATE expenditure_reports SET status = 'checked', checked_by = '{}'", cast.finance_officer.id)).await;
        assert_eq!(closed_on(&cast.finance_officer, &at, "accept").await, ["separation_of_duties"]);
        assert_eq!(closed_on(&cast.owner, &at, "edit").await, ["transition_not_allowed"]);
    }

    async fn a_source_says_what_is_missing(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let bare = json!({"kind": "in_kind", "provider": {"en": "A mill"}, "amount": taka("99999.99")});
        let source = owner.post(format!("{}/funding-sources", path(&pilot))).json(bare).send().await.expect(201);
        let at = place("funding-sources", &source);
        assert_eq!(closed_on(&officer, &at, "confirm").await, ["document_missing"]);
        assert_eq!(closed_on(&owner, &at, "confirm").await, ["forbidden", "separation_of_duties"]);
        assert_eq!(closed_on(&owner, &at, "edit").await, OPEN);
        let listed = owner.get(format!("{at}/actions")).send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 4);
    }
}
