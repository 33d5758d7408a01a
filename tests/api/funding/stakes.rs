//! Who has a stake in a pilot: nobody who decides on its request can be drawn into the team, and whoever was there once is
//! told as little as the team.

use innovation_pilots::platform::{audit::seal_due, auth::Role};
use serde_json::json;

use crate::support::{
    App, Client,
    builders::*,
    client::findings,
    funding_funds::{again, round_path, taka},
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
        let auditor = app.auditor().await;
        for person in [&cast.fund_approver, &cast.fund_officer, &cast.finance_officer, &auditor, &both] {
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

    async fn who_waits_for_money_of_a_fund_decides_nothing_in_it(app: App) {
        let cast = app.cast_before_panel().await;
        // The owner of another pilot that waits in the same round is given every role of the fund.
        let roles = [Role::Innovator, Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer];
        let rival = app.person("Rival", &roles, app.people.land_office).await;
        let pilot = app.design(&rival, &cast.officer).await;
        let own = app.request_before_panel(&cast.round, &pilot, &rival).await;
        let (request, round) = (request_path(&cast.request), round_path(&cast.round));
        let fund = format!("/v1/funds/{}", cast.round["fund_id"].as_str().unwrap());
        let meeting = json!({"held_on": app.today(), "attendees": [cast.fund_officer.id, cast.fund_approver.id], "minutes": {"en": "x"}});
        let taken = app.panel_meeting(&cast.fund_officer, &cast.round, vec![json!(cast.fund_officer.id), json!(cast.fund_approver.id)]).await;
        let recommend = json!({"amount": taka("100000.00"), "panel_meeting_id": taken["id"], "reason": "Good."});
        let present = app.request_now(&cast.request).await;
        let (round_now, fund_now) = (again(&rival, &round).await, again(&rival, &fund).await);
        let allocate = json!({"direction": "allocate", "amount": taka("1.00"), "reason": "x"});
        let deallocate = json!({"direction": "deallocate", "amount": taka("99999999.00"), "reason": "x"});
        let capital = json!({"amount": taka("1.00"), "reason": "x"});
        let tries = [
            (format!("{request}/recommendation"), &present, recommend),
            (format!("{request}/decisions"), &present, json!({"decision": "decline", "reason": "weak"})),
            (format!("{round}/allocations"), &round_now, allocate),
            (format!("{round}/allocations"), &round_now, deallocate),
            (format!("{fund}/capital"), &fund_now, capital),
            (format!("{round}/panel-meetings"), &round_now, meeting),
            (format!("{round}/transitions"), &round_now, json!({"action": "finish_deciding"})),
            (format!("{round}/extensions"), &round_now, json!({"closes_at": "2027-01-01T00:00:00Z", "reason": "x"})),
        ];
        let before = again(&cast.finance_officer, &format!("{fund}/ledger?include_total=true")).await["total"].clone();
        for (place, record, body) in tries {
            let refusal = rival.post(&place).money(record).json(body).send().await;
            assert!(refusal.refused(403, "separation_of_duties")["detail"].as_str().unwrap().contains("closed to you"), "{place}");
        }
        assert_eq!(again(&cast.finance_officer, &format!("{fund}/ledger?include_total=true")).await["total"], before);
        assert_eq!(app.request_now(&own).await["status"], "panel");
        // It is said beforehand, and the feed keeps the books to itself.
        assert!(!round_now["allowed_actions"].as_array().unwrap().contains(&json!("allocate")));
        seal_due(&app.state).await.unwrap();
        for (who, sees_lines) in [(&rival, false), (&cast.fund_approver, true)] {
            let page = who.get("/v1/changes?record_type=ledger_entry&limit=200").send().await.expect(200);
            assert_eq!(!page["items"].as_array().unwrap().is_empty(), sees_lines);
        }
        // Once the results are out it is a role like any other.
        app.sql("UPDATE funding_requests SET status = 'declined' WHERE status = 'panel'").await;
        app.release_round(&cast.fund_officer, &cast.round).await;
        let round_now = again(&rival, &round).await;
        assert!(round_now["allowed_actions"].as_array().unwrap().contains(&json!("allocate")), "{round_now}");
    }

    async fn whom_a_team_may_take_in_tells_no_decision(app: App) {
        let cast = app.cast_before_panel().await;
        let both = app.person("Both", &[Role::Innovator, Role::Reviewer], app.people.a2i).await;
        let invite = async || {
            let body = json!({"user_id": both.id, "role": "member"});
            cast.owner.post(format!("{}/members", path(&cast.pilot))).json(body).send().await
        };
        let present = app.request_now(&cast.request).await;
        let decline = cast.fund_approver.post(format!("{}/decisions", request_path(&cast.request))).money(&present);
        decline.json(json!({"decision": "decline", "reason": "Too dear."})).send().await.expect(200);
        invite().await.refused(409, "conflict");
        app.release_round(&cast.fund_officer, &cast.round).await;
        invite().await.expect(201);
    }

    async fn neither_does_the_version_that_a_signature_names(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        app.award(&cast, &cast.request).await;
        let told = again(&cast.owner, &request_path(&cast.request)).await["version"].as_i64().unwrap();
        let real = app.request_now(&cast.request).await["version"].as_i64().unwrap();
        assert!(told < real);
        for version in told - 1..real + 2 {
            let sign = cast.owner.post(format!("{}/agreement-signatures", request_path(&cast.request)));
            let sign = sign.if_match(format!("\"{version}\"")).json(json!({"file_id": cast.owner.id})).send().await;
            assert_eq!(sign.status.as_u16(), if version == told { 409 } else { 412 }, "{version} of {told} and {real}");
        }
    }

    async fn an_award_whose_pilot_ends_is_not_told_by_that(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        app.award(&cast, &cast.request).await;
        let before = again(&cast.owner, &request_path(&cast.request)).await;
        step(&cast.owner, &path(&cast.pilot), json!({"action": "withdraw", "reason": "x"})).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "lapsed");
        let told = again(&cast.owner, &request_path(&cast.request)).await;
        for part in ["status", "version", "awarded", "ended_at"] {
            assert_eq!(told[part], before[part], "{part}");
        }
        let history = again(&cast.owner, &format!("{}/transitions", request_path(&cast.request))).await;
        assert_eq!(history["items"].as_array().unwrap().last().unwrap()["action"], "start_review");
    }

    async fn nor_before_there_is_a_request(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        for person in [app.fund_approver().await, app.fund_officer().await, app.finance_officer().await, app.auditor().await] {
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
