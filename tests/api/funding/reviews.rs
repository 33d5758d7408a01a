//! Reviews: who may review, who sees what of it, and what the scores come to.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{builders::*, client::findings, funding_funds::*, funding_reviews::*, funding_tranches::drawn_in};

/// Each error's place in the body, and its code.
fn misfits(problem: &Value) -> Vec<(String, String)> {
    let text = |error: &Value, key: &str| error[key].as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
}

on_both_engines! {
    async fn a_review_from_its_assignment_to_its_score(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let [first, second] = &scene.reviewers;
        let assigned = assign(&scene.fund_officer, request, first).await.expect(201);
        assert_eq!((&assigned["status"], &assigned["reviewer"]["id"], &assigned["scores"]), (&json!("assigned"), &json!(first.id), &json!(null)));
        assert_eq!(assigned["allowed_actions"], json!(["replace"]));
        let other = assign(&scene.fund_officer, request, second).await.expect(201);
        step(&scene.fund_officer, &request_path(request), json!({"action": "start_review"})).await;
        let path = review_path(&assigned);
        // Enough to judge a conflict, before the file opens.
        let mine = first.get("/v1/funding-reviews?status=assigned,declared&include_total=true").send().await.expect(200);
        let item = &mine["items"][0];
        assert_eq!((&mine["total"]["value"], &item["request"]["reference"], &item["request"]["applicant"]["name"]["en"]), (&json!(1), &request["reference"], &json!("Owner")));
        assert_eq!((&item["request"]["team"][0]["organisation"]["name"]["en"], &item["allowed_actions"]), (&json!("Upazila Livestock Office"), &json!(["declare", "recuse"])));
        assert_eq!(item["request"]["organisation"]["name"]["en"], "Upazila Livestock Office");
        // Nothing is written before the declaration.
        first.patch(&path).if_match("*").merge(json!({"public_comment": "x"})).send().await.refused(409, "transition_not_allowed");
        first.post(format!("{path}/transitions")).if_match("*").json(json!({"action": "submit"})).send().await.refused(409, "transition_not_allowed");
        let declared = step(first, &path, json!({"action": "declare"})).await;
        assert_eq!((&declared["status"], &declared["allowed_actions"]), (&json!("declared"), &json!(["edit", "recuse"])));
        let wrong = json!({"scores": [{"criterion": "impact", "score": 6}, {"criterion": "impact", "score": 0}, {"criterion": "beauty", "score": 3}]});
        let problem = first.patch(&path).if_match("*").merge(wrong).send().await.refused(422, "validation_failed");
        let expected = [("#/scores/0/score", "outside_anchors"), ("#/scores/1/criterion", "repeated_criterion"), ("#/scores/1/score", "outside_anchors"), ("#/scores/2/criterion", "unknown_criterion")];
        assert_eq!(misfits(&problem), expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        first.patch(&path).merge(json!({"public_comment": "x"})).send().await.refused(428, "if_match_required");
        first.patch(&path).if_match("\"9\"").merge(json!({"public_comment": "x"})).send().await.refused(412, "version_mismatch");
        let submit = || first.post(format!("{path}/transitions")).if_match("*").json(json!({"action": "submit"})).send();
        let problem = submit().await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["criterion_missing", "criterion_missing", "nothing_scored"]);
        let nothing = json!({"scores": [{"criterion": "impact", "score": null}, {"criterion": "cost", "score": null}]});
        first.patch(&path).if_match("*").merge(nothing).send().await.expect(200);
        assert_eq!(codes(&submit().await.refused(409, "conditions_unmet")), ["nothing_scored"]);
        // 3 of 1 to 5 is a half; the cost does not apply.
        let half = json!({"scores": [{"criterion": "impact", "score": 3}, {"criterion": "cost", "score": null}], "public_comment": "Good."});
        first.patch(&path).if_match("*").merge(half).send().await.expect(200);
        let done = submit().await.expect(200);
        assert_eq!((&done["status"], &done["score"], &done["allowed_actions"]), (&json!("submitted"), &json!("50.00"), &json!([])));
        first.patch(&path).if_match("*").merge(json!({"public_comment": null})).send().await.refused(409, "transition_not_allowed");
        review(second, &other, Some(5), Some(1)).await;
        // (60·1 + 40·0)/100 is 60 %: the mean is 55, the spread 10 and below the 25 of the round.
        let summary = again(&scene.fund_officer, &format!("{}/review-summary", request_path(request))).await;
        assert_eq!((&summary["score"], &summary["spread"], &summary["is_spread_high"]), (&json!("55.00"), &json!("10.00"), &json!(false)));
        assert_eq!((&summary["submitted_reviews"], &summary["reviews"][1]["reviewer"]["id"]), (&json!(2), &json!(second.id)));
    }

    async fn who_is_tied_to_a_request_cannot_review_it(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let member = app.person("Member", &[Role::Reviewer], app.people.livestock_office).await;
        let nobody = app.person("Nobody", &[], app.people.land_office).await;
        let pilot = scene.owner.get(format!("/v1/pilots/{}", request["pilot_id"].as_str().unwrap())).send().await.expect(200);
        drawn_in(&app, &pilot, &member).await;
        let refused = async |who| codes(&assign(&scene.fund_officer, request, who).await.refused(409, "conditions_unmet"));
        assert_eq!(refused(&scene.owner).await, ["not_a_reviewer", "in_the_team", "owns_the_pilot", "same_office"]);
        assert_eq!(refused(&member).await, ["in_the_team", "same_office"]);
        assert_eq!(refused(&nobody).await, ["not_a_reviewer"]);
        let [first, second] = &scene.reviewers;
        assign(&scene.fund_officer, request, first).await.expect(201);
        assert_eq!(refused(first).await, ["reviews_already"]);
        let listed = scene.fund_officer.get(format!("/v1/reviewers?request_id={}", request["id"].as_str().unwrap())).send().await.expect(200);
        let of = |id: Value| listed["items"].as_array().unwrap().iter().find(|it| it["person"]["id"] == id).unwrap().clone();
        let codes = |it: &Value| it["exclusions"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect::<Vec<_>>();
        let (busy, free) = (of(json!(first.id)), of(json!(second.id)));
        assert_eq!((codes(&busy), &busy["open_reviews"], &busy["earliest_due_on"]), (vec![json!("reviews_already")], &json!(1), &json!(DUE_ON)));
        assert_eq!((codes(&free), &free["open_reviews"], &free["earliest_due_on"]), (vec![], &json!(0), &json!(null)));
        assert_eq!(codes(&of(json!(member.id))), [json!("in_the_team"), json!("same_office")]);
        assert_eq!(scene.fund_officer.get("/v1/reviewers?limit=1").send().await.expect(200)["items"][0]["exclusions"], json!(null));
        // What the body says is looked at first.
        let path = format!("{}/reviews", request_path(request));
        let body = json!({"reviewer_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "due_on": "2026-01-01"});
        let problem = scene.fund_officer.post(&path).json(body).send().await.refused(422, "validation_failed");
        assert_eq!(misfits(&problem), [("#/reviewer_id".to_owned(), "unknown_reference".to_owned()), ("#/due_on".to_owned(), "in_the_past".to_owned())]);
        app.anonymous().post(&path).send().await.refused(401, "unauthenticated");
        nobody.post(&path).send().await.refused(403, "forbidden");
        scene.fund_approver.post(&path).send().await.refused(403, "forbidden");
        app.anonymous().get("/v1/reviewers").send().await.refused(401, "unauthenticated");
    }

    async fn who_is_no_reviewer_any_more_reads_and_writes_nothing(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let [reviewer, _] = &scene.reviewers;
        let [review, _] = scene.under_review(request).await;
        step(reviewer, &review_path(&review), json!({"action": "declare"})).await;
        again(reviewer, &request_path(request)).await;
        let admin = app.admin().await;
        admin.delete(format!("/v1/users/{}/roles/reviewer", reviewer.id)).if_match("*").send().await.expect(204);
        reviewer.get(request_path(request)).send().await.refused(404, "not_found");
        let write = reviewer.patch(review_path(&review)).if_match("*").merge(json!({"public_comment": "x"}));
        assert_eq!(findings(&write.send().await.refused(409, "conditions_unmet")), ["not_a_reviewer"]);
        let own = again(reviewer, &review_path(&review)).await;
        assert_eq!(own["allowed_actions"], json!(["recuse"]));
    }

    async fn nobody_reads_a_review_before_it_is_in_and_no_peer_before_the_panel(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let (auditor, stranger) = (app.auditor().await, app.stranger().await);
        let [first, second] = &scene.reviewers;
        let [one, two] = scene.under_review(request).await;
        step(first, &review_path(&one), json!({"action": "declare"})).await;
        let content = json!({"scores": [{"criterion": "impact", "score": 2}], "private_comment": "p", "public_comment": "q"});
        first.patch(review_path(&one)).if_match("*").merge(content).send().await.expect(200);
        let list = format!("{}/reviews", request_path(request));
        let summary = format!("{}/review-summary", request_path(request));
        // A draft is its author's alone.
        for who in [&scene.fund_officer, &scene.fund_approver, &auditor] {
            let shown = who.get(review_path(&one)).send().await.expect(200);
            assert_eq!((&shown["status"], &shown["scores"], &shown["private_comment"], &shown["public_comment"]), (&json!("declared"), &json!(null), &json!(null), &json!(null)));
            assert_eq!(who.get(&list).send().await.expect(200)["items"].as_array().unwrap().len(), 2);
        }
        assert_eq!(first.get(review_path(&one)).send().await.expect(200)["private_comment"], "p");
        for who in [&scene.owner, &stranger, second, &scene.finance_officer] {
            who.get(review_path(&one)).send().await.refused(404, "not_found");
        }
        scene.owner.get(&list).send().await.refused(403, "forbidden");
        stranger.get(&list).send().await.refused(404, "not_found");
        scene.owner.get(&summary).send().await.refused(403, "forbidden");
        first.get(&summary).send().await.refused(403, "forbidden");
        app.anonymous().get(&summary).send().await.refused(401, "unauthenticated");
        first.patch(review_path(&two)).merge(json!({})).send().await.refused(404, "not_found");
        scene.fund_officer.patch(review_path(&one)).if_match("*").merge(json!({"public_comment": "x"})).send().await.refused(403, "forbidden");
        // Their own is in, the panel has not begun: still blind.
        let full = json!({"scores": [{"criterion": "impact", "score": 5}, {"criterion": "cost", "score": 5}]});
        first.patch(review_path(&one)).if_match("*").merge(full).send().await.expect(200);
        step(first, &review_path(&one), json!({"action": "submit"})).await;
        review(second, &two, Some(1), Some(1)).await;
        first.get(review_path(&two)).send().await.refused(404, "not_found");
        assert_eq!(first.get(&list).send().await.expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(auditor.get(review_path(&one)).send().await.expect(200)["private_comment"], "p");
        step(&scene.fund_officer, &request_path(request), json!({"action": "start_panel"})).await;
        let peer = first.get(review_path(&two)).send().await.expect(200);
        assert_eq!((&peer["score"], &peer["private_comment"], &peer["allowed_actions"]), (&json!("0.00"), &json!(null), &json!([])));
        assert_eq!(first.get(&list).send().await.expect(200)["items"].as_array().unwrap().len(), 2);
        let outcome = again(&auditor, &summary).await;
        assert_eq!((&outcome["score"], &outcome["spread"], &outcome["is_spread_high"]), (&json!("50.00"), &json!("100.00"), &json!(true)));
        // After the release the team is told the score and what was written for it, and no name.
        let meeting = scene.meeting(&app).await;
        scene.recommend(request, &meeting, "200000.00").await.expect(200);
        decide(&scene.fund_approver, request, json!({"decision": "decline", "reason": "No."})).await.expect(200);
        scene.owner.get(&summary).send().await.refused(403, "forbidden");
        app.release_round(&scene.fund_officer, &scene.round).await;
        let told = again(&scene.owner, &summary).await;
        assert_eq!((&told["score"], &told["spread"], &told["is_spread_high"]), (&json!("50.00"), &json!(null), &json!(null)));
        let item = |comment: &str| json!({"review_id": null, "reviewer": null, "score": null, "public_comment": comment});
        assert_eq!(told["reviews"], json!([item("q"), item("Say how it goes on.")]));
        scene.owner.get(review_path(&one)).send().await.refused(404, "not_found");
        scene.owner.get(&list).send().await.refused(403, "forbidden");
    }

    async fn a_conflict_closes_the_file_and_someone_else_takes_the_place(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let [first, second] = &scene.reviewers;
        let review = assign(&scene.fund_officer, request, first).await.expect(201);
        let path = format!("{}/transitions", review_path(&review));
        let ask = |who: &crate::support::Client, body: Value| who.post(&path).if_match("*").json(body).send();
        let problem = ask(first, json!({"action": "recuse"})).await.refused(422, "validation_failed");
        assert_eq!(misfits(&problem), [("#/reason".to_owned(), "required".to_owned())]);
        let problem = ask(&scene.fund_officer, json!({"action": "replace"})).await.refused(422, "validation_failed");
        assert_eq!(misfits(&problem).len(), 3);
        let problem = ask(first, json!({"action": "declare", "reviewer_id": second.id})).await.refused(422, "validation_failed");
        assert_eq!(misfits(&problem), [("#/reviewer_id".to_owned(), "unexpected".to_owned())]);
        ask(&scene.fund_officer, json!({"action": "declare"})).await.refused(403, "forbidden");
        ask(&scene.fund_approver, json!({"action": "replace", "reason": "x", "reviewer_id": second.id, "due_on": DUE_ON})).await.refused(403, "forbidden");
        ask(first, json!({"action": "declare"})).await.expect(200);
        let recused = ask(first, json!({"action": "recuse", "reason": "A cousin."})).await.expect(200);
        assert_eq!((&recused["status"], &recused["conflict"], &recused["allowed_actions"]), (&json!("recused"), &json!("A cousin."), &json!([])));
        first.get(request_path(request)).send().await.refused(404, "not_found");
        first.get(review_path(&review)).send().await.expect(200);
        let replace = |who| json!({"action": "replace", "reason": "Conflict.", "reviewer_id": who, "due_on": DUE_ON});
        let problem = ask(&scene.fund_officer, replace(first.id)).await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["reviews_already"]);
        let replaced = ask(&scene.fund_officer, replace(second.id)).await.expect(200);
        assert_eq!((&replaced["status"], &replaced["replace_reason"]), (&json!("replaced"), &json!("Conflict.")));
        let next = scene.fund_officer.get(format!("/v1/funding-reviews/{}", replaced["replaced_by_id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!((&next["reviewer"]["id"], &next["status"]), (&json!(second.id), &json!("assigned")));
        // Whoever joins the team after they were assigned can only step back.
        let pilot = scene.owner.get(format!("/v1/pilots/{}", request["pilot_id"].as_str().unwrap())).send().await.expect(200);
        drawn_in(&app, &pilot, second).await;
        let path = format!("{}/transitions", review_path(&next));
        second.post(&path).if_match("*").json(json!({"action": "declare"})).send().await.refused(403, "separation_of_duties");
        let mine = second.get("/v1/funding-reviews").send().await.expect(200);
        assert_eq!(mine["items"][0]["allowed_actions"], json!(["recuse"]));
        second.post(&path).if_match("*").json(json!({"action": "recuse", "reason": "I joined the team."})).send().await.expect(200);
    }

    async fn reviews_are_over_when_the_panel_begins(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let [request] = &scene.requests[..] else { panic!() };
        let late = app.reviewer("Late Reviewer").await;
        let spare = assign(&scene.fund_officer, request, &late).await.expect(201);
        scene.before_panel(request).await;
        assign(&scene.fund_officer, request, &app.reviewer("Later Reviewer").await).await.refused(409, "transition_not_allowed");
        let path = format!("{}/transitions", review_path(&spare));
        let problem = late.post(&path).if_match("*").json(json!({"action": "declare"})).send().await.refused(409, "conditions_unmet");
        assert_eq!(codes(&problem), ["review_over"]);
        assert_eq!(tasks(&late).await, []);
        let listed = scene.fund_officer.get("/v1/reviewers").send().await.expect(200);
        let busy = listed["items"].as_array().unwrap().iter().filter(|it| it["open_reviews"] != json!(0)).count();
        assert_eq!(busy, 0);
        app.advance(Duration::days(400));
        assert_eq!(app.renewed(&late).await.get(review_path(&spare)).send().await.expect(200)["is_overdue"], true);
    }
}
