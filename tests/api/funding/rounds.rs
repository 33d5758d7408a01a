//! Rounds: their rules, dates, money and meetings, up to the release.

use chrono::Duration;
use serde_json::{Value, json};

use super::books::{Written, written_request};
use crate::support::{builders::*, client::findings, funding_funds::*};

on_both_engines! {
    async fn rules_change_until_it_opens(app: App) {
        let (officer, approver, anyone) = (app.fund_officer().await, app.fund_approver().await, app.anonymous());
        let fund = app.fund(&officer).await;
        let place = format!("{}/rounds", fund_path(&fund));
        approver.post(&place).json(round_content(&app)).send().await.refused(403, "forbidden");
        anyone.post(&place).json(round_content(&app)).send().await.refused(401, "unauthenticated");
        let with = |changes: &[(&str, Value)]| {
            let mut content = round_content(&app);
            changes.iter().for_each(|(name, value)| content[*name] = value.clone());
            content
        };
        let wrong = [
            (with(&[("closes_at", json!("2026-06-01T00:00:00Z"))]), "#/closes_at period_reversed"),
            (with(&[("largest_award", taka("49999.99"))]), "#/largest_award amounts_reversed"),
            (with(&[("release_on", json!("2026-06-30"))]), "#/release_on period_reversed"),
            (with(&[("smallest_award", taka("0.00"))]), "#/smallest_award/amount minimum"),
            (with(&[("spread_threshold_percent", json!("100.01"))]), "#/spread_threshold_percent maximum"),
            (with(&[("opens_at", json!("tomorrow"))]), "#/opens_at format"),
            (with(&[("minimum_reviewers", json!(0))]), "#/minimum_reviewers minimum"),
            (with(&[("theme", json!({}))]), "#/theme language_missing"),
            (with(&[("number", json!(7))]), "#/number unknown_field"),
        ];
        for (content, expected) in wrong {
            let refused = officer.post(&place).json(content).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&refused), [expected]);
        }
        let several = with(&[("closes_at", json!("2026-06-01T00:00:00Z")), ("largest_award", taka("1.00")), ("release_on", json!("2026-05-01"))]);
        let refused = officer.post(&place).json(several).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/closes_at period_reversed", "#/largest_award amounts_reversed", "#/release_on period_reversed"]);
        let first = app.round_with(&officer, &fund, round_content(&app)).await;
        let second = app.round_with(&officer, &fund, round_content(&app)).await;
        assert_eq!((&first["number"], &second["number"], &first["status"]), (&json!(1), &json!(2), &json!("forecast")));
        assert_eq!((&first["requests"], &first["is_taking_requests"], &first["extensions"]), (&json!(null), &json!(false), &json!(0)));
        assert_eq!(first["allowed_actions"], json!(["edit", "open"]));
        assert_eq!(again(&anyone, &round_path(&first)).await["rubric"], first["rubric"]);

        let patch = json!({"minimum_reviewers": 3, "description": null, "closes_at": "2026-07-01T09:06:00+06:00"});
        officer.patch(round_path(&first)).merge(patch.clone()).send().await.refused(428, "if_match_required");
        approver.patch(round_path(&first)).if_match("*").merge(patch.clone()).send().await.refused(403, "forbidden");
        let changed = officer.patch(round_path(&first)).if_match("\"1\"").merge(patch).send().await.expect(200);
        assert_eq!((&changed["minimum_reviewers"], &changed["closes_at"]), (&json!(3), &json!("2026-07-01T03:06:00.000Z")));
        assert_eq!(changed["description"], json!({"bn": null, "en": null}));
        let bad = officer.patch(round_path(&first)).if_match("*").merge(json!({"smallest_award": null})).send().await;
        assert_eq!(findings(&bad.refused(422, "validation_failed")), ["#/smallest_award required"]);

        let moves = format!("{}/transitions", round_path(&first));
        let open = json!({"action": "open"});
        approver.post(&moves).if_match("*").json(open.clone()).send().await.refused(403, "forbidden");
        let anchor = |score: i32| json!({"score": score, "meaning": {"en": "x"}});
        let criterion = |scores: [i32; 2]| json!({"code": "a", "title": {"en": "A"}, "weight": 1, "anchors": scores.map(anchor)});
        let rule = |percent: Value| json!({"code": "r", "kind": "manual", "statement": {"en": "x"}, "percent": percent});
        let faulty = json!({"rubric": [criterion([1, 5]), criterion([2, 2])], "eligibility_rules": [rule(json!(5)), rule(json!(null))]});
        officer.patch(round_path(&first)).if_match("*").merge(faulty).send().await.expect(200);
        let unmet = officer.post(&moves).if_match("*").json(open.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["anchors_not_ascending", "criterion_repeated", "percent_misplaced", "rule_repeated"]);
        officer.patch(round_path(&first)).if_match("*").merge(json!({"rubric": [], "eligibility_rules": []})).send().await.expect(200);
        app.advance(Duration::minutes(6));
        let unmet = officer.post(&moves).if_match("*").json(open.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["closed_in_the_past", "rubric_missing"]);
        let later = json!({"rubric": [criterion([1, 5])], "closes_at": "2026-07-01T03:08:00Z"});
        officer.patch(round_path(&first)).if_match("*").merge(later).send().await.expect(200);
        let opened = step(&officer, &round_path(&first), open).await;
        assert_eq!((&opened["status"], &opened["is_taking_requests"]), (&json!("open"), &json!(true)));
        officer.patch(round_path(&first)).if_match("*").merge(json!({"most_tranches": 2})).send().await.refused(409, "transition_not_allowed");

        let listed = anyone.get(format!("/v1/funding-rounds?fund_id={}&status=open,closed", fund["id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let page = anyone.get("/v1/funding-rounds?limit=1&include_total=true").send().await.expect(200);
        assert_eq!((&page["items"][0]["id"], &page["total"]["value"]), (&second["id"], &json!(2)));
        let next = anyone.get(format!("/v1/funding-rounds?limit=1&include_total=true&cursor={}", page["next_cursor"].as_str().unwrap())).send().await.expect(200);
        assert_eq!((&next["items"][0]["id"], &next["next_cursor"]), (&first["id"], &json!(null)));
        app.anonymous().get("/v1/funding-rounds?status=shut").send().await.refused(400, "invalid_parameters");
    }

    async fn its_closing_moves_only_to_later_and_stays_on_record(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let place = format!("{}/extensions", round_path(&round));
        let later = json!({"closes_at": "2026-07-02T10:00:00+06:00", "reason": "Floods in the north."});
        officer.post(&place).json(later.clone()).send().await.refused(428, "if_match_required");
        approver.post(&place).if_match("*").json(later.clone()).send().await.refused(403, "forbidden");
        officer.post(&place).if_match("\"1\"").json(later.clone()).send().await.refused(412, "version_mismatch");
        let same = json!({"closes_at": round["closes_at"], "reason": "x"});
        let refused = officer.post(&place).if_match("*").json(same).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/closes_at not_later"]);
        let extended = officer.post(&place).if_match("*").json(later).send().await.expect(200);
        assert_eq!((&extended["closes_at"], &extended["extensions"]), (&json!("2026-07-02T04:00:00.000Z"), &json!(1)));
        // Results cannot come before the end.
        assert_eq!(extended["release_on"], "2026-07-02");
        let listed = app.anonymous().get(&place).send().await.expect(200);
        let item = &listed["items"][0];
        assert_eq!((&item["from_closes_at"], &item["to_closes_at"]), (&round["closes_at"], &extended["closes_at"]));
        assert_eq!((&item["reason"], &item["extended_by"]), (&json!("Floods in the north."), &json!(null)));
        assert_eq!(officer.get(&place).send().await.expect(200)["items"][0]["extended_by"], json!(officer.id));
        let moves = format!("{}/transitions", round_path(&round));
        let early = officer.post(&moves).if_match("*").json(json!({"action": "close"})).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&early), ["time_not_over"]);
        app.advance(Duration::hours(25));
        let officer = app.renewed(&officer).await;
        let over = json!({"closes_at": "2026-08-01T00:00:00Z", "reason": "x"});
        officer.post(&place).if_match("*").json(over).send().await.refused(409, "transition_not_allowed");
        assert_eq!(again(&officer, &round_path(&round)).await["is_taking_requests"], json!(false));
        step(&officer, &round_path(&round), json!({"action": "close"})).await;
    }

    async fn a_time_beyond_the_year_9999_is_none(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "1.00").await;
        let place = format!("{}/extensions", round_path(&round));
        for closes_at in ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999-00:01"] {
            let refusal = officer.post(&place).if_match("*").json(json!({"closes_at": closes_at, "reason": "x"})).send().await;
            assert_eq!(findings(&refusal.refused(422, "validation_failed")), ["#/closes_at format"]);
            officer.get(format!("/v1/pilots?updated_at_gte={closes_at}")).send().await.refused(400, "invalid_parameters");
        }
        let meeting = |held_on: &str| json!({"held_on": held_on, "attendees": [officer.id], "minutes": {"en": "x"}});
        for day in ["-001-01-01", "+999-01-01", "999-01-011"] {
            let refusal = officer.post(format!("{}/panel-meetings", round_path(&round))).json(meeting(day)).send().await;
            assert_eq!(findings(&refusal.refused(422, "validation_failed")), ["#/held_on format"]);
        }
    }

    async fn money_goes_to_a_round_and_back_within_bounds(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let fund = app.fund(&officer).await;
        app.capital(&finance, &fund, "1000.00").await;
        let round = app.round_with(&officer, &fund, round_content(&app)).await;
        let place = format!("{}/allocations", round_path(&round));
        let body = |direction: &str, amount: &str| json!({"direction": direction, "amount": taka(amount), "reason": "Board."});
        approver.post(&place).if_match("\"1\"").json(body("allocate", "1.00")).send().await.refused(400, "idempotency_key_required");
        finance.post(&place).money(&round).json(body("allocate", "1.00")).send().await.refused(403, "forbidden");
        approver.post(&place).money(&round).json(body("allocate", "1000.01")).send().await.refused(409, "insufficient_funds");
        let line = approver.post(&place).money(&round).json(body("allocate", "600.00")).send().await.expect(201);
        assert_eq!((&line["kind"], &line["after"]["round_allocated"]), (&json!("allocate"), &taka("600.00")));
        approver.post(&place).money(&round).json(body("allocate", "1.00")).send().await.refused(412, "version_mismatch");
        let round = again(&approver, &round_path(&round)).await;
        assert_eq!(round["version"], 2);
        approver.post(&place).money(&round).json(body("deallocate", "600.01")).send().await.refused(409, "insufficient_funds");
        approver.post(&place).money(&round).json(body("deallocate", "100.00")).send().await.expect(201);
        assert_eq!(again(&approver, &fund_path(&fund)).await["unallocated"], taka("500.00"));
    }

    async fn a_panel_is_of_people_who_can_sit_on_it(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let (reviewer, stranger) = (app.reviewer("Reviewer").await, app.stranger().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let place = format!("{}/panel-meetings", round_path(&round));
        let body = |held_on: &str, attendees: Vec<Value>| json!({"held_on": held_on, "attendees": attendees, "minutes": {"bn": "আলোচনা।"}});
        let both = vec![json!(reviewer.id), json!(officer.id)];
        officer.post(&place).json(body("2026-07-01", both.clone())).send().await.refused(409, "transition_not_allowed");
        app.decide_round(&officer, &round).await;
        let wrong = vec![json!(reviewer.id), json!(stranger.id), json!(reviewer.id)];
        let refused = officer.post(&place).json(body("2026-07-02", wrong)).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/attendees/1 unknown_reference", "#/attendees/2 duplicate", "#/held_on in_the_future"]);
        approver.post(&place).json(body("2026-07-01", both.clone())).send().await.refused(403, "forbidden");
        let meeting = officer.post(&place).json(body("2026-07-01", both)).send().await.expect(201);
        assert_eq!((&meeting["has_quorum"], &meeting["minutes"]["bn"]), (&json!(true), &json!("আলোচনা।")));
        let alone = app.panel_meeting(&officer, &round, vec![json!(reviewer.id)]).await;
        assert_eq!(alone["has_quorum"], json!(false));
        let listed = app.auditor().await.get(&place).send().await.expect(200);
        assert_eq!(listed["items"], json!([meeting, alone]));
        let one = format!("/v1/panel-meetings/{}", meeting["id"].as_str().unwrap());
        assert_eq!(again(&finance, &one).await, meeting);
        for who in [&reviewer, &stranger] {
            who.get(&one).send().await.refused(403, "forbidden");
            who.get(&place).send().await.refused(403, "forbidden");
        }
    }

    async fn results_are_released_once_and_start_the_time_for_agreements(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let (owner, programme) = (app.owner().await, app.officer().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let place = format!("{}/release", round_path(&round));
        let (one, two) = (app.published(&owner, &programme).await, app.published(&owner, &programme).await);
        let awarded = written_request(&app, &round, &one, Written { status: "awarded", awarded: Some(8_000_000) }).await;
        let late = written_request(&app, &round, &two, Written { status: "panel", ..Written::default() }).await;
        officer.post(&place).send().await.refused(428, "if_match_required");
        officer.post(&place).if_match("*").send().await.refused(409, "transition_not_allowed");
        approver.post(&place).if_match("*").send().await.refused(403, "forbidden");
        let deciding = app.decide_round(&officer, &round).await;
        assert_eq!(deciding["requests"], json!(2));
        let moves = format!("{}/transitions", round_path(&round));
        let finish = json!({"action": "finish_deciding"});
        let open = officer.post(&moves).if_match("*").json(finish.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&open), ["request_undecided"]);
        app.write_status(&late, "waitlisted").await;
        step(&officer, &round_path(&round), finish).await;
        let archive = json!({"action": "archive"});
        let unmet = officer.post(&moves).if_match("*").json(archive.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["not_released", "request_going_on"]);
        let released = officer.post(&place).if_match("*").send().await.expect(200);
        assert_eq!(released["released_at"], json!("2026-07-01T03:05:00.000Z"));
        assert_eq!(app.agreement_due_on(&awarded).await.as_deref(), Some("2026-07-31"));
        assert_eq!(app.agreement_due_on(&late).await, None);
        officer.post(&place).if_match("*").send().await.refused(409, "transition_not_allowed");
        app.write_status(&awarded, "lapsed").await;
        let unmet = officer.post(&moves).if_match("*").json(archive.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["request_going_on"]);
        app.write_status(&late, "declined").await;
        let archived = step(&officer, &round_path(&round), archive).await;
        assert_eq!((&archived["status"], &archived["allowed_actions"]), (&json!("archived"), &json!([])));
    }

    async fn results_wait_for_their_day(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let fund = app.fund(&officer).await;
        app.capital(&finance, &fund, "10.00").await;
        let mut content = round_content(&app);
        content["release_on"] = json!("2026-07-02");
        let round = app.round_with(&officer, &fund, content).await;
        app.allocate(&approver, &round, "10.00").await;
        let round = step(&officer, &round_path(&round), json!({"action": "open"})).await;
        app.decide_round(&officer, &round).await;
        let decided = step(&officer, &round_path(&round), json!({"action": "finish_deciding"})).await;
        assert_eq!(decided["allowed_actions"], json!([]));
        let place = format!("{}/release", round_path(&round));
        let early = officer.post(&place).if_match("*").send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&early), ["too_early"]);
        // The day begins in Dhaka at 18:00 UTC.
        app.advance(Duration::hours(15));
        let officer = app.renewed(&officer).await;
        assert_eq!(again(&officer, &round_path(&round)).await["allowed_actions"], json!(["release"]));
        officer.post(&place).if_match("*").send().await.expect(200);
    }
}
