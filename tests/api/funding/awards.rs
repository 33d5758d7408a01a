//! Decisions: recommendation, award by one or two, decline, waiting, moving up, lapse.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{builders::*, client::findings, funding_funds::*, funding_reviews::*, funding_tranches::drawn_in};

on_both_engines! {
    async fn money_is_held_then_promised(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let path = format!("{}/recommendation", request_path(request));
        let meeting = scene.meeting(&app).await;
        scene.recommend(request, &meeting, "200000.00").await.refused(409, "transition_not_allowed");
        scene.before_panel(request).await;
        // Who may not, and what is missing.
        for who in [&scene.fund_approver, &scene.finance_officer, &scene.owner] {
            who.post(&path).send().await.refused(403, "forbidden");
        }
        app.stranger().await.post(&path).send().await.refused(403, "forbidden");
        app.anonymous().post(&path).send().await.refused(401, "unauthenticated");
        let body = json!({"amount": taka("200000.00"), "panel_meeting_id": meeting["id"], "reason": "Strong."});
        let officer = &scene.fund_officer;
        officer.post(&path).key("k").json(body.clone()).send().await.refused(428, "if_match_required");
        officer.post(&path).key("k").if_match("*").json(body.clone()).send().await.refused(400, "invalid_parameters");
        officer.post(&path).if_match("\"1\"").json(body.clone()).send().await.refused(400, "idempotency_key_required");
        officer.post(&path).key("k").if_match("\"1\"").json(body).send().await.refused(412, "version_mismatch");
        let refused = async |amount: &str| codes(&scene.recommend(request, &meeting, amount).await.refused(422, "validation_failed"));
        assert_eq!(refused("300000.01").await, ["above_what_is_possible"]);
        assert_eq!(refused("600000.00").await, ["above_what_is_possible", "above_largest_award"]);
        assert_eq!(refused("49999.99").await, ["below_smallest_award"]);
        // A quorum of two has to be outside the pilot's team.
        let inside = app.person("Inside", &[Role::FundOfficer], app.people.a2i).await;
        drawn_in(&app, &json!({"id": request["pilot_id"]}), &inside).await;
        let attendees = vec![json!(scene.reviewers[0].id), json!(inside.id)];
        let small = app.panel_meeting(officer, &scene.round, attendees).await;
        let problem = scene.recommend(request, &small, "200000.00").await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["quorum_missing"]);
        let recommended = scene.recommend(request, &meeting, "250000.00").await.expect(200);
        assert_eq!((&recommended["status"], &recommended["needs_two_approvers"], &recommended["allowed_actions"]), (&json!("recommended"), &json!(false), &json!([])));
        assert_eq!(scene.position().await, ["750000.00", "250000.00", "0.00"]);
        // The award: at most what is recommended.
        let award = |amount: &str| json!({"decision": "award", "amount": taka(amount)});
        let problem = decide(&scene.fund_approver, request, award("250000.01")).await.refused(422, "validation_failed");
        assert_eq!(codes(&problem), ["above_what_is_possible"]);
        decide(officer, request, award("240000.00")).await.refused(403, "forbidden");
        let awarded = decide(&scene.fund_approver, request, award("240000.00")).await.expect(200);
        assert_eq!((&awarded["status"], &awarded["awarded"]["amount"], &awarded["agreement_due_on"]), (&json!("awarded"), &json!("240000.00"), &json!(null)));
        assert_eq!(scene.position().await, ["760000.00", "0.00", "240000.00"]);
        decide(&scene.fund_approver, request, award("240000.00")).await.refused(409, "transition_not_allowed");
        // The applicant is told nothing yet, and by this way nothing ever.
        assert_eq!(again(&scene.owner, &request_path(request)).await["status"], "under_review");
        let list = format!("{}/decisions", request_path(request));
        scene.owner.get(&list).send().await.refused(403, "forbidden");
        scene.reviewers[0].get(&list).send().await.refused(403, "forbidden");
        let decisions = again(&scene.finance_officer, &list).await;
        let told: Vec<(&Value, &Value, &Value)> = decisions["items"].as_array().unwrap().iter().map(|it| (&it["decision"], &it["amount"]["amount"], &it["decided_by"]["id"])).collect();
        assert_eq!(told, [(&json!("recommend"), &json!("250000.00"), &json!(officer.id)), (&json!("award"), &json!("240000.00"), &json!(scene.fund_approver.id))]);
    }

    async fn a_large_award_needs_two(app: App) {
        let scene = app.funding_scene("1000000.00", &["450000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let (first, second) = (&scene.fund_approver, app.second_fund_approver().await);
        let recommended = scene.recommended(&app, request, "400000.00").await;
        assert_eq!(recommended["needs_two_approvers"], true);
        let approved = decide(first, request, json!({"decision": "award", "amount": taka("350000.00")})).await.expect(200);
        assert_eq!((&approved["status"], &approved["first_approver_id"], &approved["first_approved"]["amount"]), (&json!("recommended"), &json!(first.id), &json!("350000.00")));
        assert_eq!(approved["allowed_actions"], json!(["decline", "waitlist"]));
        assert_eq!(scene.position().await, ["600000.00", "400000.00", "0.00"]);
        assert_eq!(tasks(first).await, []);
        assert_eq!(tasks(&second).await, [("approval".to_owned(), request_path(request))]);
        decide(first, request, json!({"decision": "award"})).await.refused(403, "separation_of_duties");
        let problem = decide(&second, request, json!({"decision": "award", "amount": taka("360000.00")})).await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["another_amount_approved"]);
        let awarded = decide(&second, request, json!({"decision": "award"})).await.expect(200);
        assert_eq!((&awarded["status"], &awarded["awarded"]["amount"], &awarded["awarded_by"]), (&json!("awarded"), &json!("350000.00"), &json!(second.id)));
        assert_eq!(scene.position().await, ["650000.00", "0.00", "350000.00"]);
    }

    async fn who_decides_has_no_other_part_and_logged_in_just_now(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let both = app.person("Both", &[Role::Reviewer, Role::FundApprover, Role::FundOfficer], app.people.land_office).await;
        let member = app.person("Member", &[Role::FundApprover, Role::FundOfficer], app.people.land_office).await;
        let pilot = scene.owner.get(format!("/v1/pilots/{}", request["pilot_id"].as_str().unwrap())).send().await.expect(200);
        drawn_in(&app, &pilot, &member).await;
        let own = assign(&scene.fund_officer, request, &both).await.expect(201);
        // A reviewer is no more than that, whatever their roles: blind, and not the one who assigns.
        let [one, _] = scene.under_review(request).await;
        both.get(review_path(&one)).send().await.refused(404, "not_found");
        both.get(format!("{}/review-summary", request_path(request))).send().await.refused(403, "separation_of_duties");
        both.post(format!("{}/reviews", request_path(request))).send().await.refused(403, "separation_of_duties");
        member.get(format!("{}/reviews", request_path(request))).send().await.refused(403, "separation_of_duties");
        member.get(review_path(&one)).send().await.refused(404, "not_found");
        review(&both, &own, Some(5), Some(5)).await;
        for reviewer in &scene.reviewers {
            let mine = reviewer.get("/v1/funding-reviews").send().await.expect(200);
            review(reviewer, &mine["items"][0], Some(4), Some(4)).await;
        }
        step(&scene.fund_officer, &request_path(request), json!({"action": "start_panel"})).await;
        let recommendation = format!("{}/recommendation", request_path(request));
        for who in [&both, &member] {
            who.post(&recommendation).send().await.refused(403, "separation_of_duties");
        }
        let meeting = scene.meeting(&app).await;
        scene.recommend(request, &meeting, "200000.00").await.expect(200);
        for who in [&both, &member] {
            assert!(!tasks(who).await.iter().any(|(kind, _)| kind == "approval"));
            who.post(format!("{}/decisions", request_path(request))).send().await.refused(403, "separation_of_duties");
        }
        let list = format!("{}/decisions", request_path(request));
        both.get(&list).send().await.expect(200);
        member.get(&list).send().await.refused(403, "separation_of_duties");
        app.advance(Duration::minutes(16));
        let tired = app.renewed(&scene.fund_approver).await;
        decide(&tired, request, json!({"decision": "award"})).await.refused(401, "step_up_required");
        decide(&app.second_fund_approver().await, request, json!({"decision": "award"})).await.expect(200);
    }

    async fn who_waits_longest_gets_what_becomes_free(app: App) {
        let scene = app.funding_scene("400000.00", &["300000.00", "200000.00", "150000.00"]).await;
        let [first, second, third] = &scene.requests[..] else { panic!() };
        let approver = &scene.fund_approver;
        let state = async |request: &Value| again(&scene.fund_officer, &request_path(request)).await["status"].clone();
        scene.recommended(&app, first, "300000.00").await;
        scene.before_panel(second).await;
        scene.before_panel(third).await;
        let meeting = scene.meeting(&app).await;
        let wait = |amount: Option<&str>| json!({
            "decision": "waitlist", "reason": "Too little.", "amount": amount.map(taka), "panel_meeting_id": amount.map(|_| &meeting["id"]),
        });
        scene.recommend(second, &meeting, "200000.00").await.refused(409, "insufficient_funds");
        // From the panel it says what it waits for, and rests on a meeting as a recommendation does.
        let problem = decide(approver, second, wait(None)).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/amount required", "#/panel_meeting_id required"]);
        let problem = decide(approver, first, wait(Some("100000.00"))).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/amount unexpected", "#/panel_meeting_id unexpected"]);
        let mut elsewhere = wait(Some("100000.00"));
        elsewhere["panel_meeting_id"] = second["id"].clone();
        let problem = decide(approver, second, elsewhere.clone()).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/panel_meeting_id unknown_reference"]);
        elsewhere["panel_meeting_id"] = app.panel_meeting(&scene.fund_officer, &scene.round, vec![json!(scene.fund_officer.id)]).await["id"].clone();
        let problem = decide(approver, second, elsewhere).await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["quorum_missing"]);
        let problem = decide(approver, second, json!({"decision": "decline"})).await.refused(422, "validation_failed");
        assert_eq!(codes(&problem), ["required"]);
        decide(approver, second, wait(Some("200000.00"))).await.expect(200);
        app.advance(Duration::seconds(1));
        // 100,000 are free, but the first in line needs 200,000, and nobody is passed over.
        decide(approver, third, wait(Some("100000.00"))).await.expect(200);
        assert_eq!((state(second).await, state(third).await), (json!("waitlisted"), json!("waitlisted")));
        app.advance(Duration::seconds(1));
        // What lets go of its money to wait does not come straight back.
        let waiting = decide(approver, first, wait(None)).await.expect(200);
        assert_eq!(waiting["status"], "waitlisted");
        assert_eq!((state(second).await, state(third).await), (json!("recommended"), json!("recommended")));
        assert_eq!(scene.position().await, ["100000.00", "300000.00", "0.00"]);
        // Who set the amount recommends it, so another approver awards it.
        decide(approver, second, json!({"decision": "award"})).await.refused(403, "separation_of_duties");
        let other = app.second_fund_approver().await;
        decide(&other, third, json!({"decision": "decline", "reason": "Weak."})).await.expect(200);
        assert_eq!(state(first).await, "waitlisted");
        decide(&other, second, json!({"decision": "award", "amount": taka("100000.00")})).await.expect(200);
        // 300,000 are free now, which is what the first waits for.
        assert_eq!(state(first).await, "recommended");
        assert_eq!(scene.position().await, ["0.00", "300000.00", "100000.00"]);
        let decisions = again(approver, &format!("{}/decisions", request_path(first))).await;
        let told: Vec<(&Value, &Value)> = decisions["items"].as_array().unwrap().iter().map(|it| (&it["decision"], &it["amount"]["amount"])).collect();
        assert_eq!(told, [(&json!("recommend"), &json!("300000.00")), (&json!("waitlist"), &json!("300000.00")), (&json!("move_up"), &json!("300000.00"))]);
        assert_eq!(decisions["items"][2]["decided_by"], json!(null));
    }

    async fn an_award_lapses_when_nobody_signs(app: App) {
        let scene = app.funding_scene("400000.00", &["300000.00", "300000.00"]).await;
        let [first, second] = &scene.requests[..] else { panic!() };
        scene.recommended(&app, first, "300000.00").await;
        decide(&scene.fund_approver, first, json!({"decision": "award"})).await.expect(200);
        scene.before_panel(second).await;
        let meeting = scene.meeting(&app).await["id"].clone();
        decide(&scene.fund_approver, second, json!({"decision": "waitlist", "reason": "Too little.", "amount": taka("300000.00"), "panel_meeting_id": meeting})).await.expect(200);
        let path = format!("{}/lapse", request_path(first));
        let lapse = async |who: &crate::support::Client| {
            let present = again(who, &request_path(first)).await;
            who.post(&path).money(&present).send().await
        };
        assert_eq!(codes(&lapse(&scene.fund_officer).await.refused(409, "conditions_unmet")), ["results_not_released"]);
        lapse(&scene.fund_approver).await.refused(403, "forbidden");
        let released = app.release_round(&scene.fund_officer, &scene.round).await;
        assert_ne!(released["released_at"], json!(null));
        assert_eq!(codes(&lapse(&scene.fund_officer).await.refused(409, "conditions_unmet")), ["agreement_not_overdue"]);
        app.advance(Duration::days(31));
        let officer = app.renewed(&scene.fund_officer).await;
        assert!(tasks(&officer).await.contains(&("lapse".to_owned(), request_path(first))));
        let lapsed = lapse(&officer).await.expect(200);
        assert_eq!((&lapsed["status"], &lapsed["allowed_actions"]), (&json!("lapsed"), &json!([])));
        // Its money goes to the one that waits.
        assert_eq!(again(&officer, &request_path(second)).await["status"], "recommended");
        assert_eq!(tasks(&officer).await, []);
        lapse(&officer).await.refused(409, "transition_not_allowed");
    }

    async fn the_same_key_decides_once(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let recommended = scene.recommended(&app, request, "200000.00").await;
        let send = || {
            let path = format!("{}/decisions", request_path(request));
            let version = format!("\"{}\"", recommended["version"]);
            scene.fund_approver.post(path).if_match(version).key("once").json(json!({"decision": "award"})).send()
        };
        let first = send().await.expect(200);
        assert_eq!(send().await.expect(200), first);
        assert_eq!(scene.position().await, ["800000.00", "0.00", "200000.00"]);
    }
}
