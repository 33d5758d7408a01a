//! Funding requests: drafts, their submit, eligibility, changes, and what an applicant is told when.

use chrono::Duration;
use serde_json::{Value, json};

use crate::support::{
    Client, Response, builders::*, client::findings, funding_funds::*, funding_reviews::*, people::PASSWORD,
};

fn of(pilot: &Value) -> String {
    format!("{}/funding-requests", path(pilot))
}

fn content(round: &Value, amount: &str) -> Value {
    json!({
        "round_id": round["id"], "requested": taka(amount), "purpose": {"en": "Three camps"},
        "budget_lines": [{"head": "transport", "description": "Boats", "amount": taka(amount)}],
        "co_funding": [{"kind": "local_donor", "provider": {"en": "A mill"}, "amount": taka("6000.00")}]
    })
}

async fn try_step(who: &Client, request: &Value, command: Value) -> Response {
    who.post(format!("{}/transitions", request_path(request))).if_match("*").json(command).send().await
}

async fn patch(who: &Client, request: &Value, body: Value) -> Response {
    who.patch(request_path(request)).if_match("*").merge(body).send().await
}

fn actions(request: &Value) -> Vec<&str> {
    request["allowed_actions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

on_both_engines! {
    async fn a_draft_is_written_handed_in_and_gets_its_reference(app: App) {
        let (owner, deputy, officer, fund_officer) = (app.owner().await, app.deputy().await, app.officer().await, app.fund_officer().await);
        let round = app.open_round(&fund_officer, &app.finance_officer().await.client, &app.fund_approver().await.client, "450000.00").await;
        let pilot = app.screening(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        assert_eq!(findings(&owner.post(of(&pilot)).json(content(&round, "60000.00")).send().await.refused(409, "conditions_unmet")), ["pilot_not_in_design"]);
        act(&officer, &pilot, json!({"action": "accept"})).await;
        deputy.post(of(&pilot)).json(content(&round, "60000.00")).send().await.refused(403, "forbidden");
        assert_eq!(findings(&owner.post(of(&pilot)).json(content(&round, "0.00")).send().await.refused(422, "validation_failed")), ["#/requested/amount minimum"]);
        assert_eq!(findings(&owner.post(of(&pilot)).json(content(&pilot, "60000.00")).send().await.refused(422, "validation_failed")), ["#/round_id unknown_reference"]);
        let bare = json!({"round_id": round["id"], "requested": taka("10.00")});
        let draft = owner.post(of(&pilot)).json(bare).send().await.expect(201);
        assert_eq!((&draft["status"], &draft["reference"], actions(&draft)), (&json!("draft"), &json!(null), vec!["edit", "delete"]));
        owner.post(of(&pilot)).json(content(&round, "60000.00")).send().await.refused(409, "already_exists");
        // Nobody but the team knows of it.
        for who in [&fund_officer.client, &officer.client, &app.auditor().await.client] {
            who.get(request_path(&draft)).send().await.refused(404, "not_found");
            assert_eq!(who.get(of(&pilot)).send().await.expect(200)["items"], json!([]));
        }
        assert_eq!(fund_officer.get("/v1/funding-requests").send().await.expect(200)["items"], json!([]));
        assert_eq!(owner.get(of(&pilot)).send().await.expect(200)["items"][0]["id"], draft["id"]);
        // Everything that is missing at once, with how much the budget is off.
        let problem = try_step(&owner, &draft, json!({"action": "submit"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["#/budget_lines sum_mismatch", "#/purpose required", "#/requested/amount minimum", "plan_missing"]);
        assert!(problem.to_string().contains("10.00 taka less"), "{problem}");
        let explained = owner.get(format!("{}/actions", request_path(&draft))).send().await.expect(200);
        let submit = explained["items"].as_array().unwrap().iter().find(|it| it["action"] == "submit").unwrap();
        assert_eq!((&submit["allowed"], submit["conditions"].as_array().unwrap().len()), (&json!(false), 4));
        app.planned(&owner, &pilot).await;
        patch(&app.stranger().await.client, &draft, json!({})).await.refused(404, "not_found");
        assert_eq!(findings(&patch(&deputy, &draft, json!({"requested": taka("0.00")})).await.refused(422, "validation_failed")), ["#/requested/amount minimum"]);
        patch(&deputy, &draft, json!({"requested": taka("600000.00"), "purpose": {"bn": "শিবির"}, "budget_lines": content(&round, "500000.01")["budget_lines"]})).await.expect(200);
        let problem = try_step(&owner, &draft, json!({"action": "submit"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["#/budget_lines sum_mismatch", "#/requested/amount maximum"]);
        let whole = patch(&owner, &draft, json!({"requested": taka("500000.00"), "budget_lines": content(&round, "500000.00")["budget_lines"]})).await.expect(200);
        assert_eq!(actions(&whole), ["edit", "delete", "submit"]);
        try_step(&deputy, &draft, json!({"action": "submit"})).await.refused(403, "forbidden");
        owner.post(format!("{}/transitions", request_path(&draft))).json(json!({"action": "submit"})).send().await.refused(428, "if_match_required");
        owner.post(format!("{}/transitions", request_path(&draft))).if_match("\"1\"").json(json!({"action": "submit"})).send().await.refused(412, "version_mismatch");
        let handed_in = try_step(&owner, &draft, json!({"action": "submit"})).await.expect(200);
        assert_eq!((&handed_in["reference"], &handed_in["status"], &handed_in["submitted_by"]), (&json!("SIF-2026-00001"), &json!("submitted"), &json!(owner.id)));
        assert!(handed_in["plan_id"].is_string());
        patch(&owner, &draft, json!({"purpose": {"en": "x"}})).await.refused(409, "transition_not_allowed");
        owner.delete(request_path(&draft)).if_match("*").send().await.refused(409, "transition_not_allowed");
        // The round is sealed: staff see it once it is closed.
        fund_officer.get(request_path(&draft)).send().await.refused(404, "not_found");
        assert_eq!(fund_officer.get("/v1/funding-requests").send().await.expect(200)["items"], json!([]));
        app.decide_round(&fund_officer, &round).await;
        let listed = fund_officer.get(format!("/v1/funding-requests?status=submitted,draft&round_id={}&fund_id={}&include_total=true", round["id"].as_str().unwrap(), round["fund_id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!((&listed["items"][0]["id"], &listed["total"]["value"]), (&draft["id"], &json!(1)));
        assert_eq!(fund_officer.get("/v1/funding-requests?status=awarded").send().await.expect(200)["items"], json!([]));
        owner.get("/v1/funding-requests").send().await.refused(403, "forbidden");
        app.anonymous().get("/v1/funding-requests").send().await.refused(401, "unauthenticated");
        // Too late for another one.
        let late = app.design(&owner, &officer).await;
        owner.post(of(&late)).json(content(&round, "60000.00")).send().await.refused(409, "round_not_open");
    }

    async fn a_draft_is_deleted_and_a_round_that_closed_takes_no_draft(app: App) {
        let (owner, officer, fund_officer) = (app.owner().await, app.officer().await, app.fund_officer().await);
        let round = app.open_round(&fund_officer, &app.finance_officer().await.client, &app.fund_approver().await.client, "450000.00").await;
        let pilot = app.design(&owner, &officer).await;
        app.planned(&owner, &pilot).await;
        let draft = owner.post(of(&pilot)).json(content(&round, "60000.00")).send().await.expect(201);
        owner.delete(request_path(&draft)).send().await.refused(428, "if_match_required");
        assert_eq!(owner.delete(request_path(&draft)).if_match(version(&draft)).send().await.status.as_u16(), 204);
        owner.get(request_path(&draft)).send().await.refused(404, "not_found");
        let again = owner.post(of(&pilot)).json(content(&round, "60000.00")).send().await.expect(201);
        app.decide_round(&fund_officer, &round).await;
        try_step(&owner, &again, json!({"action": "submit"})).await.refused(409, "round_not_open");
    }

    async fn every_rule_is_checked_with_its_reason_and_checks_are_kept(app: App) {
        let (owner, officer, fund_officer) = (app.owner().await, app.officer().await, app.fund_officer().await);
        let fund = app.fund(&fund_officer).await;
        let mut rules = round_content(&app);
        let statement = json!({"en": "x"});
        rules["is_sealed"] = json!(false);
        rules["eligibility_rules"] = json!([
            {"code": "public_service", "kind": "manual", "statement": statement}, {"code": "fair", "kind": "manual", "statement": statement},
            {"code": "planned", "kind": "plan_submitted", "statement": statement}, {"code": "deputy", "kind": "deputy_named", "statement": statement},
            {"code": "measured", "kind": "baseline_verified", "statement": statement}, {"code": "shared", "kind": "co_funding", "statement": statement, "percent": 10}
        ]);
        app.capital(&app.finance_officer().await.client, &fund, "500000.00").await;
        let round = app.round_with(&fund_officer, &fund, rules).await;
        app.allocate(&app.fund_approver().await.client, &round, "450000.00").await;
        let round = step(&fund_officer, &round_path(&round), json!({"action": "open"})).await;
        let pilot = app.design(&owner, &officer).await;
        app.planned(&owner, &pilot).await;
        let draft = owner.post(of(&pilot)).json(content(&round, "60000.01")).send().await.expect(201);
        step(&owner, &request_path(&draft), json!({"action": "submit"})).await;
        let checks = format!("{}/eligibility-checks", request_path(&draft));
        let check = async |results: Value| fund_officer.post(&checks).json(json!({"results": results})).send().await;
        check(json!([])).await.refused(409, "transition_not_allowed");
        step(&fund_officer, &request_path(&draft), json!({"action": "start_eligibility"})).await;
        let met = |rule: &str| json!({"rule": rule, "is_met": true, "reason": {"en": "So it is."}});
        let problem = check(json!([met("public_service"), met("public_service"), met("none"), met("deputy")])).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/results required", "#/results/1/rule duplicate", "#/results/2/rule unknown_rule", "#/results/3/rule automatic_rule"]);
        let silent = json!([{"rule": "fair", "is_met": true, "reason": {}}, met("public_service")]);
        assert_eq!(findings(&check(silent).await.refused(422, "validation_failed")), ["#/results/0/reason language_missing"]);
        assert_eq!(findings(&try_step(&fund_officer, &draft, json!({"action": "start_review"})).await.refused(409, "conditions_unmet")), ["eligibility_unchecked", "too_few_reviewers"]);
        let first = check(json!([met("fair"), met("public_service")])).await.expect(201);
        let results: Vec<(&str, bool)> = first["results"].as_array().unwrap().iter().map(|it| (it["rule"].as_str().unwrap(), it["is_met"].as_bool().unwrap())).collect();
        // 10 % of 60,000.01 taka is a poisha's part more than 6,000.
        assert_eq!(results, [("public_service", true), ("fair", true), ("planned", true), ("deputy", false), ("measured", false), ("shared", false)]);
        assert_eq!((&first["number"], &first["is_eligible"]), (&json!(1), &json!(false)));
        assert_eq!(findings(&try_step(&fund_officer, &draft, json!({"action": "start_review"})).await.refused(409, "conditions_unmet")), ["rule_not_met", "too_few_reviewers"]);
        join(&owner, &pilot, &app.deputy().await, "deputy").await;
        app.measured(&owner, &officer, &pilot, "baseline").await;
        step(&fund_officer, &request_path(&draft), json!({"action": "request_changes", "reason": "A little less.", "parts": ["requested"], "due_on": "2026-07-02"})).await;
        patch(&owner, &draft, json!({"requested": taka("60000.00"), "budget_lines": content(&round, "60000.00")["budget_lines"]})).await.expect(200);
        step(&owner, &request_path(&draft), json!({"action": "submit"})).await;
        step(&fund_officer, &request_path(&draft), json!({"action": "start_eligibility"})).await;
        // What was checked before the change does not count for what came after it.
        app.advance(Duration::milliseconds(1));
        let second = check(json!([met("fair"), met("public_service")])).await.expect(201);
        assert_eq!((&second["number"], &second["is_eligible"]), (&json!(2), &json!(true)));
        assert_eq!(findings(&try_step(&fund_officer, &draft, json!({"action": "find_ineligible", "reason": "x"})).await.refused(409, "conditions_unmet")), ["no_rule_broken"]);
        let kept = owner.get(format!("{}/eligibility-results?include_total=true&limit=5", request_path(&draft))).send().await.expect(200);
        assert_eq!((&kept["total"]["value"], &kept["items"][0]["decided_by"]), (&json!(12), &json!(null)));
        assert!(kept["next_cursor"].is_string());
        let broken = check(json!([met("fair"), {"rule": "public_service", "is_met": false, "reason": {"bn": "না"}}])).await.expect(201);
        assert_eq!(broken["is_eligible"], json!(false));
        assert_eq!(findings(&try_step(&fund_officer, &draft, json!({"action": "find_ineligible"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let found = try_step(&fund_officer, &draft, json!({"action": "find_ineligible", "reason": "No public service."})).await.expect(200);
        assert_eq!((&found["status"], &found["decision_reason"]), (&json!("ineligible"), &json!("No public service.")));
        assert_eq!(owner.get(request_path(&draft)).send().await.expect(200)["decision_reason"], "No public service.");
        // It is over, so the pilot may ask again.
        owner.post(of(&pilot)).json(content(&round, "60000.00")).send().await.expect(201);
    }

    async fn only_what_was_reopened_is_changed_and_only_in_time(app: App) {
        let scene = app.funding_scene("450000.00", &["60000.00"]).await;
        let request = &scene.requests[0];
        let (owner, fund_officer) = (&scene.owner, &scene.fund_officer);
        let wrong = json!({"action": "request_changes", "parts": ["purpose", "purpose"], "due_on": "2026-06-30"});
        assert_eq!(findings(&try_step(fund_officer, request, wrong).await.refused(422, "validation_failed")), ["#/due_on in_the_past", "#/parts/1 duplicate", "#/reason required"]);
        assert_eq!(findings(&try_step(fund_officer, request, json!({"action": "request_changes"})).await.refused(422, "validation_failed")), ["#/due_on required", "#/parts required", "#/reason required"]);
        let back = try_step(fund_officer, request, json!({"action": "request_changes", "reason": "What camps?", "parts": ["purpose"], "due_on": "2026-07-01"})).await.expect(200);
        assert_eq!((&back["status"], &back["change_parts"], &back["change_due_on"]), (&json!("changes_requested"), &json!(["purpose"]), &json!("2026-07-01")));
        let too_much = json!({"purpose": {"en": "Health camps"}, "requested": taka("70000.00"), "budget_lines": [], "co_funding": []});
        assert_eq!(findings(&patch(owner, request, too_much).await.refused(422, "validation_failed")), ["#/budget_lines not_reopened", "#/requested not_reopened"]);
        patch(owner, request, json!({"purpose": {"en": "Health camps"}})).await.expect(200);
        assert_eq!(findings(&try_step(fund_officer, request, json!({"action": "find_ineligible", "reason": "x"})).await.refused(409, "conditions_unmet")), ["no_rule_broken"]);
        // The round has closed long ago; in time it is handed in all the same.
        let again = try_step(owner, request, json!({"action": "submit"})).await.expect(200);
        assert_eq!((&again["status"], &again["change_parts"], &again["reference"]), (&json!("submitted"), &json!([]), &back["reference"]));
        step(fund_officer, &request_path(request), json!({"action": "start_eligibility"})).await;
        step(fund_officer, &request_path(request), json!({"action": "request_changes", "reason": "And?", "parts": ["purpose"], "due_on": "2026-07-01"})).await;
        app.advance(Duration::days(1));
        let (owner, fund_officer) = (app.renewed(owner).await, app.renewed(fund_officer).await);
        assert_eq!(findings(&try_step(&owner, request, json!({"action": "submit"})).await.refused(409, "conditions_unmet")), ["changes_late"]);
        let over = try_step(&fund_officer, request, json!({"action": "find_ineligible", "reason": "Nothing came."})).await.expect(200);
        assert_eq!(over["status"], "ineligible");
        let history = owner.get(format!("{}/transitions", request_path(request))).send().await.expect(200);
        let steps: Vec<&str> = history["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(steps, ["submit", "start_eligibility", "request_changes", "submit", "start_eligibility", "request_changes", "find_ineligible"]);
    }

    async fn an_applicant_learns_nothing_before_the_release(app: App) {
        let scene = app.funding_scene("450000.00", &["60000.00", "70000.00"]).await;
        let [awarded, declined] = [&scene.requests[0], &scene.requests[1]];
        let owner = &scene.owner;
        let look = async |request: &Value| owner.get(request_path(request)).send().await;
        let mut before = Vec::new();
        for request in [awarded, declined] {
            let [first, _] = scene.under_review(request).await;
            // The file opens with the declaration.
            let reviewer = &scene.reviewers[0];
            for part in ["", "/actions", "/transitions", "/eligibility-results"] {
                reviewer.get(format!("{}{part}", request_path(request))).send().await.refused(403, "forbidden");
            }
            step(reviewer, &review_path(&first), json!({"action": "declare"})).await;
            assert_eq!(reviewer.get(request_path(request)).send().await.expect(200)["recommended_by"], json!(null));
            assert_eq!(findings(&try_step(&scene.fund_officer, request, json!({"action": "start_panel"})).await.refused(409, "conditions_unmet")), ["too_few_reviews"]);
            before.push(look(request).await);
        }
        for request in [awarded, declined] {
            for reviewer in &scene.reviewers {
                let mine = reviewer.get("/v1/funding-reviews").send().await.expect(200);
                let mine = mine["items"].as_array().unwrap().iter().find(|it| it["request"]["id"] == request["id"]).unwrap().clone();
                if mine["status"] == "assigned" {
                    step(reviewer, &review_path(&mine), json!({"action": "declare"})).await;
                }
                let scores = json!({"scores": [{"criterion": "impact", "score": 4}, {"criterion": "cost", "score": 3}]});
                reviewer.patch(review_path(&mine)).if_match("*").merge(scores).send().await.expect(200);
                step(reviewer, &review_path(&mine), json!({"action": "submit"})).await;
            }
            step(&scene.fund_officer, &request_path(request), json!({"action": "start_panel"})).await;
        }
        let meeting = scene.meeting(&app).await;
        scene.recommend(awarded, &meeting, "60000.00").await.expect(200);
        decide(&scene.fund_approver, awarded, json!({"decision": "award"})).await.expect(200);
        decide(&scene.fund_approver, declined, json!({"decision": "decline", "reason": "Too dear."})).await.expect(200);
        // Not a byte has changed, nor the version, but that it can no longer be taken back: either way.
        for (request, before) in [awarded, declined].into_iter().zip(&before) {
            let now = look(request).await;
            assert_eq!(now.etag(), before.etag());
            let (mut now, mut then) = (now.expect(200), before.expect(200));
            assert_eq!((actions(&now), actions(&then)), (vec![], vec!["withdraw"]));
            now["allowed_actions"] = json!([]);
            then["allowed_actions"] = json!([]);
            assert_eq!(now, then);
            let refusal = try_step(owner, request, json!({"action": "withdraw", "reason": "x"})).await.refused(409, "transition_not_allowed");
            assert!(refusal["detail"].as_str().unwrap().contains("released"), "{refusal}");
            let history = owner.get(format!("{}/transitions?include_total=true", request_path(request))).send().await.expect(200);
            assert_eq!((&history["items"].as_array().unwrap().last().unwrap()["action"], &history["total"]["value"]), (&json!("start_review"), &json!(3)));
            let explained = owner.get(format!("{}/actions", request_path(request))).send().await.expect(200).to_string();
            assert!(!["awarded", "declined", "recommended", "panel"].iter().any(|word| explained.contains(&format!("in `{word}`"))), "{explained}");
            let gate = owner.get(format!("/v1/pilots/{}/gates/execution", now["pilot_id"].as_str().unwrap())).send().await.expect(200);
            assert!(!gate.to_string().contains("60000.00"), "{gate}");
            let listed = owner.get(format!("/v1/pilots/{}/funding-requests", now["pilot_id"].as_str().unwrap())).send().await.expect(200);
            let listed = &listed["items"][0];
            assert_eq!((&listed["status"], &listed["version"], &listed["awarded"], &listed["updated_at"]), (&json!("under_review"), &now["version"], &json!(null), &now["updated_at"]));
        }
        app.release_round(&scene.fund_officer, &scene.round).await;
        let told = look(awarded).await.expect(200);
        assert_eq!((&told["status"], &told["awarded"]["amount"], &told["awarded_by"], &told["recommended_by"]), (&json!("awarded"), &json!("60000.00"), &json!(scene.fund_approver.id), &json!(null)));
        let told = look(declined).await.expect(200);
        assert_eq!((&told["status"], &told["decision_reason"]), (&json!("declined"), &json!("Too dear.")));
        let history = owner.get(format!("{}/transitions", request_path(awarded))).send().await.expect(200);
        let recommended = history["items"].as_array().unwrap().iter().find(|it| it["action"] == "recommend").unwrap().clone();
        assert_eq!((&recommended["actor_id"], &recommended["reason"]), (&json!(null), &json!(null)));
        let gate = app.stranger().await.get(format!("/v1/pilots/{}/gates/execution", awarded["pilot_id"].as_str().unwrap())).send().await.expect(200);
        assert!(gate.to_string().contains("An award of 60000.00 taka counts once its agreement is signed"), "{gate}");
    }

    async fn what_a_withdrawn_request_held_goes_to_who_waits(app: App) {
        let scene = app.funding_scene("100000.00", &["60000.00", "70000.00"]).await;
        let [holds, waits] = [&scene.requests[0], &scene.requests[1]];
        scene.recommended(&app, holds, "60000.00").await;
        scene.before_panel(waits).await;
        let meeting = scene.meeting(&app).await["id"].clone();
        decide(&scene.fund_approver, waits, json!({"decision": "waitlist", "reason": "No money is left.", "amount": taka("70000.00"), "panel_meeting_id": meeting})).await.expect(200);
        // Neither that it waits nor that it moves up shows by what its owner may do.
        assert!(again(&scene.owner, &request_path(waits)).await["allowed_actions"].to_string().contains("withdraw"));
        let shown = again(&scene.owner, &request_path(holds)).await;
        assert_eq!(findings(&try_step(&scene.owner, holds, json!({"action": "withdraw"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let withdraw = scene.owner.post(format!("{}/transitions", request_path(holds))).if_match(version(&shown));
        let gone = withdraw.json(json!({"action": "withdraw", "reason": "The office pays."})).send().await.expect(200);
        assert_eq!((&gone["status"], &gone["recommended"]), (&json!("withdrawn"), &json!(null)));
        // Nor how far the withdrawn one had come by how its version counts.
        assert_eq!(gone["version"], shown["version"].as_i64().unwrap() + 1);
        assert!(again(&scene.owner, &request_path(waits)).await["allowed_actions"].to_string().contains("withdraw"));
        assert_eq!(again(&scene.fund_officer, &request_path(waits)).await["status"], "recommended");
        assert_eq!(scene.position().await, [json!("30000.00"), json!("70000.00"), json!("0.00")]);
        let history = scene.owner.get(format!("{}/transitions", request_path(holds))).send().await.expect(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["from_status"]), (&json!("withdraw"), &json!("under_review")));
    }

    async fn who_withdraws_while_waiting_unseen_waits_no_more(app: App) {
        let scene = app.funding_scene("100000.00", &["60000.00", "70000.00"]).await;
        let [holds, waits] = [&scene.requests[0], &scene.requests[1]];
        scene.recommended(&app, holds, "60000.00").await;
        scene.before_panel(waits).await;
        let meeting = scene.meeting(&app).await["id"].clone();
        decide(&scene.fund_approver, waits, json!({"decision": "waitlist", "reason": "No money is left.", "amount": taka("70000.00"), "panel_meeting_id": meeting})).await.expect(200);
        let shown = again(&scene.owner, &request_path(waits)).await;
        let withdraw = scene.owner.post(format!("{}/transitions", request_path(waits))).if_match(version(&shown));
        let gone = withdraw.json(json!({"action": "withdraw", "reason": "The office pays."})).send().await.expect(200);
        assert_eq!((&gone["status"], &gone["waitlisted_at"], &gone["decision_reason"]), (&json!("withdrawn"), &json!(null), &json!(null)));
        let history = scene.owner.get(format!("{}/transitions", request_path(waits))).send().await.expect(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["action"], &last["from_status"]), (&json!("withdraw"), &json!("under_review")));
        assert_eq!(scene.position().await, [json!("40000.00"), json!("60000.00"), json!("0.00")]);
        // What is freed later goes past it.
        try_step(&scene.owner, holds, json!({"action": "withdraw", "reason": "Neither."})).await.expect(200);
        assert_eq!(again(&scene.fund_officer, &request_path(waits)).await["status"], "withdrawn");
        assert_eq!(scene.position().await, [json!("100000.00"), json!("0.00"), json!("0.00")]);
    }

    async fn payments_are_stopped_and_resumed_after_a_fresh_login(app: App) {
        let (cast, _) = app.cast_paid().await;
        let request = &cast.request;
        app.funded(&cast.owner, &cast.officer, &cast.pilot, &json!({"budget_total": taka("0.05")})).await;
        let status = again(&cast.fund_approver, &request_path(request)).await["status"].clone();
        if status != "active" {
            app.pass(&cast.officer, &cast.pilot, "execution").await;
        }
        assert_eq!(again(&cast.fund_approver, &request_path(request)).await["status"], "active");
        let closing = try_step(&cast.finance_officer, request, json!({"action": "start_closing"})).await;
        assert_eq!(findings(&closing.refused(409, "conditions_unmet")), ["tranches_unpaid"]);
        let suspend = json!({"action": "suspend", "reason": "The report is late."});
        try_step(&cast.fund_officer, request, suspend.clone()).await.refused(403, "forbidden");
        app.advance(Duration::minutes(16));
        try_step(&app.renewed(&cast.fund_approver).await.client, request, suspend.clone()).await.refused(401, "step_up_required");
        let login = json!({"email": cast.fund_approver.email, "password": PASSWORD});
        let login = app.anonymous().post("/v1/auth/login").json(login).send().await.expect(200);
        let approver = cast.fund_approver.client.with_token(login["access_token"].as_str().unwrap());
        let stopped = try_step(&approver, request, suspend).await.expect(200);
        assert_eq!((&stopped["status"], &stopped["decision_reason"]), (&json!("suspended"), &json!("The report is late.")));
        let resumed = try_step(&approver, request, json!({"action": "resume", "reason": "It came."})).await.expect(200);
        assert_eq!((&resumed["status"], &resumed["decision_reason"]), (&json!("active"), &json!(null)));
    }
}
