//! Funds: what they are for, their capital, and their end.

use chrono::Duration;
use serde_json::json;

use crate::support::{builders::*, client::findings, funding_funds::*};

on_both_engines! {
    async fn a_fund_is_public_and_written_by_its_officers(app: App) {
        let (officer, finance, anyone) = (app.fund_officer().await, app.finance_officer().await, app.anonymous());
        let fund = app.fund(&officer).await;
        assert_eq!((&fund["status"], &fund["capital"], &fund["version"]), (&json!("active"), &taka("0.00"), &json!(1)));
        assert_eq!(fund["allowed_actions"], json!(["edit", "create_round"]));
        let seen = anyone.get(fund_path(&fund)).send().await.expect(200);
        assert_eq!((&seen["name"], &seen["allowed_actions"]), (&fund["name"], &json!([])));
        assert_eq!(again(&finance, &fund_path(&fund)).await["allowed_actions"], json!(["add_capital"]));
        anyone.get("/v1/funds/01900000-0000-7000-8000-000000000000").send().await.refused(404, "not_found");

        anyone.post("/v1/funds").json(json!({"name": {"en": "x"}})).send().await.refused(401, "unauthenticated");
        finance.post("/v1/funds").json(json!({"name": {"en": "x"}})).send().await.refused(403, "forbidden");
        let empty = officer.post("/v1/funds").json(json!({"name": {}, "capital": 1})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&empty), ["#/capital unknown_field"]);
        let nameless = officer.post("/v1/funds").json(json!({"name": {}})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&nameless), ["#/name language_missing"]);

        let patch = json!({"description": {"en": "For pilots."}, "name": {"bn": null}});
        officer.patch(fund_path(&fund)).merge(patch.clone()).send().await.refused(428, "if_match_required");
        officer.patch(fund_path(&fund)).if_match("\"7\"").merge(patch.clone()).send().await.refused(412, "version_mismatch");
        let changed = officer.patch(fund_path(&fund)).if_match("\"1\"").merge(patch).send().await;
        assert_eq!(changed.etag(), "\"2\"");
        let changed = changed.expect(200);
        assert_eq!(changed["name"], json!({"bn": null, "en": "Service Innovation Fund"}));
        assert_eq!(changed["description"]["en"], "For pilots.");
        let nameless = officer.patch(fund_path(&fund)).if_match("\"2\"").merge(json!({"name": {"en": null}})).send().await;
        assert_eq!(findings(&nameless.refused(422, "validation_failed")), ["#/name language_missing"]);
    }

    async fn capital_is_a_line_of_the_ledger_once(app: App) {
        let (officer, finance) = (app.fund_officer().await, app.finance_officer().await);
        let fund = app.fund(&officer).await;
        let place = format!("{}/capital", fund_path(&fund));
        let body = json!({"amount": taka("1000.05"), "reason": "First quarter.", "payment_reference": "TR-1"});
        finance.post(&place).if_match("\"1\"").json(body.clone()).send().await.refused(400, "idempotency_key_required");
        finance.post(&place).key("a").json(body.clone()).send().await.refused(428, "if_match_required");
        let any = finance.post(&place).key("a").if_match("*").json(body.clone()).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&any), ["If-Match exact_version_required"]);
        let several = finance.post(&place).key("a").if_match("\"1\", \"2\"").json(body.clone()).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&several), ["If-Match exact_version_required"]);
        finance.post(&place).key("a").if_match("\"2\"").json(body.clone()).send().await.refused(412, "version_mismatch");
        officer.post(&place).money(&fund).json(body.clone()).send().await.refused(403, "forbidden");
        app.anonymous().post(&place).money(&fund).json(body.clone()).send().await.refused(401, "unauthenticated");
        let nothing = json!({"amount": taka("0.00"), "reason": "x"});
        let refused = finance.post(&place).money(&fund).json(nothing).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/amount/amount minimum"]);
        assert_eq!(refused["errors"][0]["params"]["minimum"], "0.01");
        for (amount, code) in [("5.000", "decimals"), ("5", "decimals"), ("123456789012.00", "maximum"), ("1e3", "pattern")] {
            let wrong = json!({"amount": taka(amount), "reason": "x"});
            let refused = finance.post(&place).money(&fund).json(wrong).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&refused), [format!("#/amount/amount {code}")]);
        }
        let foreign = json!({"amount": {"amount": "5.00", "currency": "USD"}, "reason": ""});
        let refused = finance.post(&place).money(&fund).json(foreign).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/amount/currency enum", "#/reason min_length"]);
        let negative = json!({"amount": taka("-5.00"), "reason": " "});
        let refused = finance.post(&place).money(&fund).json(negative).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), ["#/amount/amount negative", "#/reason min_length"]);

        let done = finance.post(&place).key("once").if_match("\"1\"").json(body.clone()).send().await;
        let line = done.expect(201);
        assert_eq!((&line["kind"], &line["seq"], &line["amount"]), (&json!("capital_in"), &json!(1), &taka("1000.05")));
        assert_eq!(line["after"]["fund_capital"], taka("1000.05"));
        assert_eq!(line["after"]["round_allocated"], json!(null));
        assert_eq!((&line["actor_id"], &line["payment_reference"]), (&json!(finance.id), &json!("TR-1")));
        assert_eq!(finance.get(done.header("location").unwrap()).send().await.expect(200), line);
        // The same key gives the same answer, and no second line, although the version is another one now.
        let replayed = finance.post(&place).key("once").if_match("\"1\"").json(body.clone()).send().await;
        assert_eq!((replayed.header("idempotent-replayed"), replayed.expect(201)), (Some("true"), line));
        let other = json!({"amount": taka("2.00"), "reason": "x"});
        finance.post(&place).key("once").if_match("\"1\"").json(other).send().await.refused(422, "idempotency_key_reused");
        let fund = again(&finance, &fund_path(&fund)).await;
        assert_eq!((&fund["version"], &fund["capital"], &fund["unallocated"]), (&json!(2), &taka("1000.05"), &taka("1000.05")));
        let listed = app.anonymous().get("/v1/funds?include_total=true").send().await.expect(200);
        assert_eq!((&listed["total"]["value"], &listed["items"][0]["capital"]), (&json!(1), &taka("1000.05")));

        // A quarter of an hour after the login it has to be renewed, and a fresh token alone is no login.
        app.advance(Duration::minutes(16));
        let finance = app.renewed(&finance).await;
        finance.post(&place).money(&fund).json(body).send().await.refused(401, "step_up_required");
    }

    async fn at_one_moment_one_of_two_gets_through(app: App) {
        let (officer, finance) = (app.fund_officer().await, app.finance_officer().await);
        let fund = app.fund(&officer).await;
        let place = format!("{}/capital", fund_path(&fund));
        let body = json!({"amount": taka("10.00"), "reason": "x"});
        let all = futures_util::future::join_all((0..4).map(|_| finance.post(&place).money(&fund).json(body.clone()).send())).await;
        let mut outcomes: Vec<u16> = all.iter().map(|it| it.status.as_u16()).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [201, 412, 412, 412]);
        assert_eq!(again(&finance, &fund_path(&fund)).await["capital"], taka("10.00"));
    }

    async fn a_closed_fund_gives_nothing_until_it_is_reopened(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let fund = again(&approver, &format!("/v1/funds/{}", round["fund_id"].as_str().unwrap())).await;
        let moves = format!("{}/transitions", fund_path(&fund));
        assert_eq!(fund["allowed_actions"], json!([]), "a round is under way");
        let close = json!({"action": "close", "reason": "The programme ends."});
        let without = approver.post(&moves).if_match("*").json(json!({"action": "close"})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&without), ["#/reason required"]);
        officer.post(&moves).if_match("*").json(close.clone()).send().await.refused(403, "forbidden");
        approver.post(&moves).json(close.clone()).send().await.refused(428, "if_match_required");
        let busy = approver.post(&moves).if_match("*").json(close.clone()).send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&busy), ["round_under_way"]);
        app.decide_round(&officer, &round).await;
        approver.post(&moves).if_match("*").json(close.clone()).send().await.refused(409, "conditions_unmet");
        app.release_round(&officer, &round).await;
        assert_eq!(again(&approver, &fund_path(&fund)).await["allowed_actions"], json!(["close"]));
        let closed = step(&approver, &fund_path(&fund), close.clone()).await;
        assert_eq!((&closed["status"], &closed["status_reason"]), (&json!("closed"), &close["reason"]));
        approver.post(&moves).if_match("*").json(close).send().await.refused(409, "transition_not_allowed");
        // No capital, no rounds, no allocation, no edits; but money comes back.
        let body = json!({"amount": taka("1.00"), "reason": "x"});
        finance.post(format!("{}/capital", fund_path(&fund))).money(&closed).json(body).send().await.refused(409, "transition_not_allowed");
        officer.post(format!("{}/rounds", fund_path(&fund))).json(round_content(&app)).send().await.refused(409, "transition_not_allowed");
        officer.patch(fund_path(&fund)).if_match("*").merge(json!({"name": {"en": "x"}})).send().await.refused(409, "transition_not_allowed");
        let round = again(&approver, &round_path(&round)).await;
        let mut body = json!({"direction": "allocate", "amount": taka("1.00"), "reason": "x"});
        let allocations = format!("{}/allocations", round_path(&round));
        approver.post(&allocations).money(&round).json(body.clone()).send().await.refused(409, "transition_not_allowed");
        body["direction"] = json!("deallocate");
        approver.post(&allocations).money(&round).json(body).send().await.expect(201);
        step(&approver, &fund_path(&fund), json!({"action": "reopen", "reason": "It goes on."})).await;
        app.capital(&finance, &fund, "1.00").await;
    }
}
