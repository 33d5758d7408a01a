//! Who has a stake in a pilot: nobody who decides on its request can be drawn into the team, and whoever was there once is
//! told as little as the team.

use innovation_pilots::platform::{audit::seal_due, auth::Role};
use serde_json::json;

use crate::support::{
    App, Client,
    builders::*,
    client::findings,
    funding_funds::{again, round_path},
    funding_reviews::{handed_in, request_path},
    funding_tranches::*,
};

/// The actions on funding requests in someone's feed.
async fn told(app: &App, who: &Client) -> Vec<String> {
    seal_due(&app.state).await.unwrap();
    let page = who.get("/v1/changes?record_type=funding_request&limit=200").send().await.expect(200);
    page["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect()
}

on_both_engines! {
    async fn nobody_who_handles_requests_is_drawn_into_the_team(app: App) {
        let cast = app.cast_before_panel().await;
        let invite = async |who: &str| {
            let body = json!({"user_id": who, "role": "member"});
            cast.owner.post(format!("{}/members", path(&cast.pilot))).json(body).send().await
        };
        let both = app.person("Both", &[Role::Innovator, Role::Reviewer], app.people.a2i).await;
        for person in [&cast.fund_approver, &cast.fund_officer, &cast.finance_officer, &both] {
            invite(&person.id.to_string()).await.refused(409, "conflict");
        }
        let offer = json!({"user_id": both.id, "previous_owner_stays": false, "reason": "x"});
        let offered = cast.owner.post(format!("{}/handovers", path(&cast.pilot))).json(offer).send().await;
        assert_eq!(findings(&offered.refused(409, "conditions_unmet")), ["handles_funding_requests"]);
        // Others come and go, and once nothing is asked for so do reviewers; who moves every request on, never.
        invite(&app.stranger().await.id.to_string()).await.expect(201);
        step(&cast.owner, &request_path(&cast.request), json!({"action": "withdraw", "reason": "x"})).await;
        invite(&both.id.to_string()).await.expect(201);
        for person in [&cast.fund_approver, &cast.fund_officer, &cast.finance_officer] {
            invite(&person.id.to_string()).await.refused(409, "conflict");
        }
    }

    async fn nor_before_there_is_a_request(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        for person in [app.fund_approver().await, app.fund_officer().await, app.finance_officer().await] {
            let body = json!({"user_id": person.id, "role": "deputy"});
            owner.post(format!("{}/members", path(&pilot))).json(body).send().await.refused(409, "conflict");
        }
    }

    async fn a_milestone_opened_again_stops_the_money(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        app.accepted(&cast, &report, "50000.00").await;
        let plan = app.plan_in_force(&cast.owner, &cast.pilot).await;
        let milestone = milestone_path(&plan["milestones"][0]);
        let done = json!({"action": "complete", "done_on": app.today(), "evidence": "Sheet."});
        let open = json!({"action": "reopen", "reason": "Not yet."});
        step(&cast.owner, &milestone, done.clone()).await;
        step(&cast.owner, &tranche_path(&tranches[1]), json!({"action": "request"})).await;
        step(&cast.owner, &milestone, open.clone()).await;
        let approve = cast.fund_approver.post(format!("{}/transitions", tranche_path(&tranches[1]))).if_match("*");
        let refusal = approve.json(json!({"action": "approve"})).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&refusal), ["milestones_open"]);
        step(&cast.owner, &milestone, done.clone()).await;
        let approved = step(&cast.fund_approver, &tranche_path(&tranches[1]), json!({"action": "approve"})).await;
        step(&cast.owner, &milestone, open).await;
        let refusal = disburse(&app, &cast.finance_officer, &approved).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&refusal), ["milestones_open"]);
        step(&cast.owner, &milestone, done).await;
        disburse(&app, &cast.finance_officer, &approved).await.expect(200);
    }

    async fn who_left_a_team_is_told_as_little_as_the_team(app: App) {
        let (owner, screener) = (app.owner().await, app.officer().await);
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "450000.00").await;
        let pilot = app.design(&owner, &screener).await;
        let inside = app.person("Inside", &[Role::FundOfficer, Role::Auditor], app.people.a2i).await;
        drawn_in(&app, &pilot, &inside).await;
        app.planned(&owner, &pilot).await;
        let request = handed_in(&owner, &pilot, &round, "100000.00").await;
        let round = app.decide_round(&officer, &round).await;
        app.panel_meeting(&officer, &round, vec![json!(officer.id), json!(finance.id)]).await;
        inside.delete(format!("{}/members/{}", path(&pilot), inside.id)).if_match("*").send().await.expect(204);
        app.sql(format!("UPDATE funding_requests SET status = 'panel' WHERE id = '{}'", request["id"].as_str().unwrap())).await;
        assert_eq!(again(&officer, &request_path(&request)).await["status"], "panel");
        assert_eq!(again(&inside, &request_path(&request)).await["status"], "under_review");
        let fund = format!("/v1/funds/{}", round["fund_id"].as_str().unwrap());
        for books in [format!("{fund}/ledger"), format!("{fund}/position"), format!("{}/panel-meetings", round_path(&round))] {
            inside.get(&books).send().await.refused(403, "separation_of_duties");
            again(&officer, &books).await;
        }
        assert!(!told(&app, &officer).await.is_empty());
        assert_eq!(told(&app, &inside).await, [""; 0]);
    }

    async fn the_release_tells_of_every_request_of_the_round(app: App) {
        let cast = app.cast_before_panel().await;
        let inside = app.person("Inside", &[Role::FundOfficer, Role::Auditor], app.people.a2i).await;
        drawn_in(&app, &cast.pilot, &inside).await;
        for who in [&cast.owner, &inside] {
            assert_eq!(told(&app, who).await, [""; 0]);
        }
        let decline = cast.fund_approver.post(format!("{}/decisions", request_path(&cast.request)));
        let decline = decline.money(&app.request_now(&cast.request).await).json(json!({"decision": "decline", "reason": "Too dear."}));
        decline.send().await.expect(200);
        seal_due(&app.state).await.unwrap();
        // Whoever followed up to here is past everything that was not for them.
        let cursor = async |who: &Client| {
            let page = who.get("/v1/changes?record_type=funding_request&limit=200").send().await.expect(200);
            page["next_cursor"].as_str().unwrap().to_owned()
        };
        let (of_owner, of_inside) = (cursor(&cast.owner).await, cursor(&inside).await);
        app.release_round(&cast.fund_officer, &cast.round).await;
        seal_due(&app.state).await.unwrap();
        for (who, cursor, actor) in [(&cast.owner, of_owner, json!(null)), (&inside, of_inside, json!(cast.fund_officer.id))] {
            let page = who.get(format!("/v1/changes?record_type=funding_request&limit=200&cursor={cursor}")).send().await.expect(200);
            let items = page["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "{page}");
            assert_eq!((&items[0]["action"], &items[0]["record_id"], &items[0]["actor_id"]), (&json!("release_round_results"), &cast.request["id"], &actor));
        }
        let whole = told(&app, &cast.owner).await;
        assert!(whole.contains(&"decide_funding_request.decline".to_owned()), "{whole:?}");
    }

    async fn the_closing_of_a_sealed_round_tells_of_what_was_handed_in(app: App) {
        let (owner, screener) = (app.owner().await, app.officer().await);
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "450000.00").await;
        app.sql("UPDATE funding_rounds SET is_sealed = TRUE").await;
        let pilot = app.design(&owner, &screener).await;
        app.planned(&owner, &pilot).await;
        let request = handed_in(&owner, &pilot, &round, "100000.00").await;
        seal_due(&app.state).await.unwrap();
        let page = officer.get("/v1/changes?record_type=funding_request&limit=200").send().await.expect(200);
        assert_eq!(page["items"], json!([]));
        app.decide_round(&officer, &round).await;
        seal_due(&app.state).await.unwrap();
        let after = page["next_cursor"].as_str().unwrap();
        let page = officer.get(format!("/v1/changes?record_type=funding_request&limit=200&cursor={after}")).send().await.expect(200);
        assert_eq!((&page["items"][0]["action"], &page["items"][0]["record_id"]), (&json!("transition_funding_round.close"), &request["id"]));
        assert_eq!(told(&app, &owner).await, [""; 0]);
    }

    async fn the_feed_keeps_what_is_not_handed_in_or_sealed(app: App) {
        let (owner, screener) = (app.owner().await, app.officer().await);
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "450000.00").await;
        let pilot = app.design(&owner, &screener).await;
        app.planned(&owner, &pilot).await;
        let content = json!({"round_id": round["id"], "requested": {"amount": "100000.00", "currency": "BDT"}});
        owner.post(format!("{}/funding-requests", path(&pilot))).json(content).send().await.expect(201);
        assert_eq!(told(&app, &officer).await, [""; 0]);
        app.sql("UPDATE funding_rounds SET is_sealed = FALSE").await;
        assert_eq!(told(&app, &officer).await, [""; 0]);
        app.sql("UPDATE funding_requests SET status = 'submitted', submitted_at = created_at").await;
        assert_eq!(told(&app, &officer).await, ["create_funding_request"]);
        app.sql("UPDATE funding_rounds SET is_sealed = TRUE").await;
        assert_eq!(told(&app, &officer).await, [""; 0]);
    }
}
