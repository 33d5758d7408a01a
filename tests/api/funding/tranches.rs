//! Agreements and tranches: planned, signed, asked for, approved, paid, back, and how it ends. Nobody does two of these for
//! one request who must not.

use chrono::Duration;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use innovation_pilots::platform::{auth::Role, db::schema::ledger_entries};
use serde_json::{Value, json};

use crate::support::{
    App, Client,
    builders::*,
    client::findings,
    funding_funds::taka,
    funding_reviews::request_path,
    funding_tranches::*,
    people::{PASSWORD, Person},
};

/// Status and money of a tranche: paid, accepted, back, open.
fn money(tranche: &Value) -> [&str; 5] {
    let of = |key: &str| tranche[key]["amount"].as_str().unwrap_or("-");
    [tranche["status"].as_str().unwrap(), of("paid"), of("accepted"), of("refunded"), of("unproven")]
}

/// What is committed to the cast's request and paid to it, and what its round has left, in poisha.
async fn position(app: &App, cast: &Cast) -> (i64, i64, i64) {
    let round = cast.round["id"].as_str().unwrap().to_owned();
    let request = cast.request["id"].as_str().unwrap().to_owned();
    app.state
        .db
        .read(move |connection| {
            use ledger_entries as l;
            let (committed, paid): (i64, i64) = l::table
                .filter(l::request_id.eq(request))
                .order(l::seq.desc())
                .select((l::request_committed, l::request_disbursed))
                .first(connection)?;
            let (allocated, reserved, promised): (i64, i64, i64) = l::table
                .filter(l::round_id.eq(round))
                .order(l::seq.desc())
                .select((l::round_allocated, l::round_reserved, l::round_committed))
                .first(connection)?;
            Ok((committed, paid, allocated - reserved - promised))
        })
        .await
        .unwrap()
}

/// The conditions that close an action on a tranche to someone.
async fn closed(who: &Client, tranche: &Value, action: &str) -> Vec<String> {
    let all = who.get(format!("{}/actions", tranche_path(tranche))).send().await.expect(200);
    let found = all["items"].as_array().unwrap().iter().find(|item| item["action"] == action).unwrap().clone();
    assert_eq!(found["allowed"], json!(found["conditions"] == json!([])));
    found["conditions"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

async fn act_on(who: &Client, tranche: &Value, command: Value) -> crate::support::Response {
    who.post(format!("{}/transitions", tranche_path(tranche))).if_match("*").json(command).send().await
}

async fn close(app: &App, who: &Client, request: &Value) -> crate::support::Response {
    let present = app.request_now(request).await;
    who.post(format!("{}/closure", request_path(request))).money(&present).send().await
}

on_both_engines! {
    async fn a_plan_adds_up_to_the_award_and_names_milestones_that_are_there(app: App) {
        let cast = app.cast().await;
        let listed = format!("{}/tranches", request_path(&cast.request));
        assert_eq!(cast.owner.get(&listed).send().await.expect(200)["items"], json!([]));
        let part = |amount: &str, last: bool, milestones: Value| json!({"amount": taka(amount), "planned_on": "2026-10-01", "milestones": milestones, "is_post_completion": last});
        let wrong = json!({"tranches": [
            part("0.00", true, json!([1, 1, 7])), part("1.00", false, json!([])), part("1.00", false, json!([])),
            part("1.00", false, json!([])), part("1.00", true, json!([]))
        ]});
        let refused = plan(&cast, wrong).await.refused(422, "validation_failed");
        assert_eq!(findings(&refused), [
            "#/tranches sum_mismatch", "#/tranches too_many", "#/tranches/0/amount/amount minimum", "#/tranches/0/is_post_completion only_the_last",
            "#/tranches/0/milestones/1 duplicate", "#/tranches/0/milestones/2 unknown_reference",
        ]);
        assert!(refused.to_string().contains("a difference of -99996.00"), "{refused}");
        let first = plan(&cast, two_halves()).await;
        let (etag, first) = (first.etag(), first.expect(200));
        assert_eq!((&first["awarded"], first["items"].as_array().unwrap().len(), etag), (&taka("100000.00"), 2, version(&first)));
        // The whole plan takes the place of what was there, and a version of the request is meant.
        let all = json!({"tranches": [part("100000.00", true, json!([2]))]});
        let second = cast.fund_officer.post(&listed).if_match(version(&first)).json(all.clone()).send().await.expect(200);
        cast.fund_officer.post(&listed).if_match(version(&first)).json(all.clone()).send().await.refused(412, "version_mismatch");
        cast.fund_officer.post(&listed).json(all.clone()).send().await.refused(428, "if_match_required");
        assert_eq!((&second["items"][0]["is_post_completion"], &second["items"][0]["milestones"]), (&json!(true), &json!([2])));
        cast.owner.get(tranche_path(&first["items"][0])).send().await.refused(404, "not_found");
        let page = cast.owner.get(format!("{listed}?include_total=true")).send().await.expect(200);
        assert_eq!((&page["total"]["value"], &page["items"][0]["id"]), (&json!(1), &second["items"][0]["id"]));
        // Who may, and who may even see it.
        for who in [&cast.owner, &cast.officer, &cast.fund_approver, &cast.finance_officer] {
            who.post(&listed).if_match("*").json(all.clone()).send().await.refused(403, "forbidden");
        }
        let stranger = app.stranger().await;
        stranger.post(&listed).if_match("*").json(all.clone()).send().await.refused(403, "forbidden");
        stranger.get(&listed).send().await.refused(404, "not_found");
        stranger.get(tranche_path(&second["items"][0])).send().await.refused(404, "not_found");
        app.anonymous().get(tranche_path(&second["items"][0])).send().await.refused(401, "unauthenticated");
        // A fund officer of the team is no judge of it.
        let inside = app.person("Inside", &[Role::FundOfficer], app.people.livestock_office).await;
        drawn_in(&app, &cast.pilot, &inside).await;
        inside.post(&listed).if_match("*").json(all).send().await.refused(403, "separation_of_duties");
    }

    async fn a_plan_waits_for_the_release_and_stands_once_one_side_has_signed(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        assert_eq!(findings(&plan(&cast, two_halves()).await.refused(409, "conditions_unmet")), ["not_awarded", "not_released"]);
        app.award(&cast, &cast.request).await;
        assert_eq!(findings(&plan(&cast, two_halves()).await.refused(409, "conditions_unmet")), ["not_released"]);
        // The applicant learns nothing from it.
        let page = cast.owner.get(format!("{}/tranches", request_path(&cast.request))).send().await.expect(200);
        assert_eq!(page["items"], json!([]));
        let file = json!({"id": uuid::Uuid::now_v7().to_string()});
        let refused = sign(&cast.owner, &cast.request, &file).await.refused(409, "transition_not_allowed");
        assert!(refused["detail"].as_str().unwrap().contains("`under_review`"), "{refused}");
        attach(&cast.owner, "funding_request", &cast.request).await.refused(409, "evidence_frozen");
        app.release_round(&cast.fund_officer, &cast.round).await;
        plan(&cast, two_halves()).await.expect(200);
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        sign(&cast.owner, &cast.request, &file).await.expect(200);
        assert_eq!(findings(&plan(&cast, two_halves()).await.refused(409, "conditions_unmet")), ["already_signed"]);
    }

    async fn both_sides_sign_one_file_in_time(app: App) {
        let cast = app.cast().await;
        let file = attach(&cast.fund_officer, "funding_request", &cast.request).await.expect(201);
        let other = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        assert_eq!(findings(&sign(&cast.owner, &cast.request, &file).await.refused(409, "conditions_unmet")), ["plan_does_not_add_up"]);
        plan(&cast, two_halves()).await.expect(200);
        let elsewhere = attach(&cast.owner, "pilot", &cast.pilot).await.expect(201);
        assert_eq!(findings(&sign(&cast.owner, &cast.request, &elsewhere).await.refused(422, "validation_failed")), ["#/file_id unknown_reference"]);
        for who in [&cast.deputy, &cast.officer, &cast.fund_approver] {
            sign(who, &cast.request, &file).await.refused(403, "forbidden");
        }
        // A side corrects itself as long as it is alone.
        sign(&cast.fund_officer, &cast.request, &other).await.expect(200);
        let once = sign(&cast.fund_officer, &cast.request, &file).await.expect(200);
        assert_eq!((&once["status"], &once["owner_signed_by"], &once["officer_signed_by"]), (&json!("awarded"), &json!(null), &json!(cast.fund_officer.id)));
        assert_eq!(findings(&sign(&cast.owner, &cast.request, &other).await.refused(422, "validation_failed")), ["#/file_id other_file"]);
        // What is signed is not taken away.
        cast.owner.delete(format!("/v1/attachments/{}", other["id"].as_str().unwrap())).if_match("*").send().await.refused(409, "evidence_frozen");
        let stale = cast.owner.post(format!("{}/agreement-signatures", request_path(&cast.request))).if_match("\"1\"").json(json!({"file_id": file["id"]})).send().await;
        stale.refused(412, "version_mismatch");
        let both = sign(&cast.owner, &cast.request, &file).await.expect(200);
        assert_eq!((&both["status"], &both["file_id"], &both["owner_signed_by"]), (&json!("agreement_signed"), &file["id"], &json!(cast.owner.id)));
        sign(&cast.owner, &cast.request, &file).await.refused(409, "transition_not_allowed");
        attach(&cast.owner, "funding_request", &cast.request).await.refused(409, "evidence_frozen");
        assert_eq!(findings(&plan(&cast, two_halves()).await.refused(409, "conditions_unmet")), ["already_signed", "not_awarded"]);
    }

    async fn nobody_signs_when_the_day_has_passed(app: App) {
        let (cast, _) = app.cast_planned().await;
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        app.advance(Duration::days(31));
        let late = app.renewed(&cast.owner).await;
        assert_eq!(findings(&sign(&late, &cast.request, &file).await.refused(409, "conditions_unmet")), ["agreement_overdue"]);
    }

    async fn nobody_signs_for_both_sides(app: App) {
        let (cast, _) = app.cast_planned().await;
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        let both = app.person("Both", &[Role::FundOfficer, Role::Innovator], app.people.land_office).await;
        sign(&both, &cast.request, &file).await.expect(200);
        // Who signed for the fund takes the pilot over.
        made_owner(&app, &cast.pilot, &both).await;
        sign(&both, &cast.request, &file).await.refused(403, "separation_of_duties");
    }

    async fn a_tranche_is_asked_for_approved_and_paid(app: App) {
        let (cast, tranches) = app.cast_signed().await;
        let (first, second) = (&tranches[0], &tranches[1]);
        assert_eq!(closed(&cast.owner, first, "request").await, [""; 0]);
        assert_eq!(closed(&cast.owner, second, "request").await, ["report_missing", "milestones_open"].map(str::to_owned));
        assert_eq!(findings(&act_on(&cast.owner, second, json!({"action": "request"})).await.refused(409, "conditions_unmet")), ["milestones_open", "report_missing"]);
        assert_eq!(closed(&cast.fund_approver, first, "request").await, ["forbidden"].map(str::to_owned));
        act_on(&cast.fund_approver, first, json!({"action": "approve"})).await.refused(409, "transition_not_allowed");
        disburse(&app, &cast.finance_officer, first).await.refused(409, "transition_not_allowed");
        let first = cast.owner.get(tranche_path(first)).send().await.expect(200);
        assert_eq!(first["allowed_actions"], json!(["request"]));
        disburse(&app, &cast.finance_officer, &first).await.refused(409, "transition_not_allowed");
        let asked = act_on(&cast.owner, &first, json!({"action": "request"})).await.expect(200);
        assert_eq!((&asked["status"], &asked["requested_by"]), (&json!("requested"), &json!(cast.owner.id)));
        for who in [&cast.owner, &cast.fund_officer, &cast.finance_officer, &cast.officer] {
            act_on(who, &asked, json!({"action": "approve"})).await.refused(403, "forbidden");
        }
        // Held back and let go of: it is asked for anew.
        assert_eq!(findings(&act_on(&cast.fund_approver, &asked, json!({"action": "withhold"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let held = act_on(&cast.fund_approver, &asked, json!({"action": "withhold", "reason": "Wait."})).await.expect(200);
        assert_eq!((&held["status"], &held["status_reason"]), (&json!("withheld"), &json!("Wait.")));
        let back = act_on(&cast.fund_approver, &held, json!({"action": "release", "reason": "Go on."})).await.expect(200);
        assert_eq!((&back["status"], &back["requested_by"], &back["status_reason"]), (&json!("planned"), &json!(null), &json!(null)));
        act_on(&cast.deputy, &back, json!({"action": "request"})).await.expect(200);
        let approved = act_on(&cast.fund_approver, &back, json!({"action": "approve"})).await.expect(200);
        for who in [&cast.owner, &cast.fund_officer, &cast.fund_approver, &cast.officer] {
            disburse(&app, who, &approved).await.refused(403, "forbidden");
        }
        let place = format!("{}/disbursement", tranche_path(&approved));
        let body = |day: &str| json!({"payment_reference": "BEFTN-1", "paid_on": day});
        for (day, code) in [("2026-07-02", "in_the_future"), ("2026-06-30", "too_early")] {
            let refused = cast.finance_officer.post(&place).money(&approved).json(body(day)).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&refused), [format!("#/paid_on {code}")]);
        }
        cast.finance_officer.post(&place).if_match("*").key("k").json(body(&app.today())).send().await.refused(400, "invalid_parameters");
        cast.finance_officer.post(&place).if_match(version(&approved)).json(body(&app.today())).send().await.refused(400, "idempotency_key_required");
        assert_eq!(position(&app, &cast).await, (10_000_000, 0, 35_000_000));
        let paid = cast.finance_officer.post(&place).if_match(version(&approved)).key("pay-1").json(body(&app.today())).send().await.expect(200);
        assert_eq!(money(&paid), ["disbursed", "50000.00", "-", "0.00", "50000.00"]);
        assert_eq!((&paid["disbursed_by"], &paid["payment_reference"], &paid["paid_on"]), (&json!(cast.finance_officer.id), &json!("BEFTN-1"), &json!(app.today())));
        // One key, one effect.
        let again = cast.finance_officer.post(&place).if_match(version(&approved)).key("pay-1").json(body(&app.today())).send().await;
        assert_eq!((again.header("idempotent-replayed"), again.expect(200)), (Some("true"), paid.clone()));
        assert_eq!(position(&app, &cast).await, (10_000_000, 5_000_000, 35_000_000));
        // Gate 1 is not passed: the agreement is signed and no more.
        assert_eq!(app.request_now(&cast.request).await["status"], "agreement_signed");
        let history = cast.owner.get(format!("{}/transitions?limit=100", tranche_path(&paid))).send().await.expect(200);
        let steps: Vec<&str> = history["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(steps, ["request", "withhold", "release", "request", "approve", "disburse"]);
        app.stranger().await.get(format!("{}/transitions", tranche_path(&paid))).send().await.refused(404, "not_found");
        // Cancelled: the next one asks for the report on the one before.
        act_on(&cast.fund_approver, second, json!({"action": "cancel"})).await.refused(422, "validation_failed");
        let gone = act_on(&cast.fund_approver, second, json!({"action": "cancel", "reason": "Cheaper than planned."})).await.expect(200);
        assert_eq!((&gone["status"], &gone["allowed_actions"]), (&json!("cancelled"), &json!([])));
    }

    async fn old_logins_and_keys_neither_approve_nor_pay(app: App) {
        let (cast, tranches) = app.cast_signed().await;
        // A key counts as its owner: who asks by one has asked.
        let program = program(&app, &cast.owner).await;
        let asked = act_on(&program, &tranches[0], json!({"action": "request"})).await.expect(200);
        assert_eq!(asked["requested_by"], json!(cast.owner.id));
        let keyed = self::program(&app, &cast.fund_approver).await;
        act_on(&keyed, &asked, json!({"action": "approve"})).await.refused(403, "person_required");
        let keyed = self::program(&app, &cast.finance_officer).await;
        disburse(&app, &keyed, &asked).await.refused(403, "person_required");
        // A login of twenty minutes ago, with a token of now.
        app.advance(Duration::minutes(20));
        let (approver, finance) = (app.renewed(&cast.fund_approver).await, app.renewed(&cast.finance_officer).await);
        act_on(&approver, &asked, json!({"action": "approve"})).await.refused(401, "step_up_required");
        disburse(&app, &finance, &asked).await.refused(401, "step_up_required");
        refund(&app, &finance, &asked, "1.00").await.refused(401, "step_up_required");
        terminate(&app, &approver, &cast.request).await.refused(401, "step_up_required");
        close(&app, &finance, &cast.request).await.refused(401, "step_up_required");
        // Who may not is told so first.
        let officer = app.renewed(&cast.fund_officer).await;
        act_on(&officer, &asked, json!({"action": "approve"})).await.refused(403, "forbidden");
    }

    async fn reviewer_approver_requester_and_disburser_are_four_people(app: App) {
        let (cast, tranches) = app.cast_signed().await;
        let all = [Role::FundApprover, Role::FinanceOfficer, Role::FundOfficer, Role::Reviewer];
        let many = app.person("Many Hats", &all, app.people.a2i).await;
        let other = app.person("Other Hats", &all, app.people.a2i).await;
        act_on(&cast.owner, &tranches[0], json!({"action": "request"})).await.expect(200);
        let approved = act_on(&many, &tranches[0], json!({"action": "approve"})).await.expect(200);
        // Who approved a tranche pays none of the request, whatever happens to that tranche.
        disburse(&app, &many, &approved).await.refused(403, "separation_of_duties");
        act_on(&cast.fund_approver, &approved, json!({"action": "withhold", "reason": "x"})).await.expect(200);
        act_on(&cast.fund_approver, &approved, json!({"action": "release", "reason": "x"})).await.expect(200);
        act_on(&cast.owner, &approved, json!({"action": "request"})).await.expect(200);
        let approved = act_on(&cast.fund_approver, &approved, json!({"action": "approve"})).await.expect(200);
        disburse(&app, &many, &approved).await.refused(403, "separation_of_duties");
        // Who paid approves nothing more, also when the payment failed and someone else paid anew.
        let paid = disburse(&app, &other, &approved).await.expect(200);
        let fail = |who: &Client, tranche: &Value| who.post(format!("{}/payment-failure", tranche_path(tranche))).money(tranche).json(json!({"reason": "Returned."}));
        fail(&many, &paid).send().await.refused(403, "separation_of_duties");
        let failed = fail(&cast.finance_officer, &paid).send().await.expect(200);
        act_on(&cast.owner, &failed, json!({"action": "request"})).await.expect(200);
        act_on(&other, &failed, json!({"action": "approve"})).await.refused(403, "separation_of_duties");
        let approved = act_on(&many, &failed, json!({"action": "approve"})).await.expect(200);
        let paid = disburse(&app, &cast.finance_officer, &approved).await.expect(200);
        assert!(closed(&other, &tranches[1], "approve").await.contains(&"separation_of_duties".to_owned()));
        assert!(closed(&many, &tranches[1], "disburse").await.contains(&"separation_of_duties".to_owned()));
        assert_eq!(money(&paid)[0], "disbursed");
        // Who reviewed it neither approves nor pays.
        let reviewer = app.person("Reviewing Hats", &all, app.people.a2i).await;
        app.sql(format!(
            "INSERT INTO funding_reviews (id, request_id, reviewer_id, status, assigned_by, due_on, conflict, scores, version, created_at, updated_at) \
             VALUES ('{}', '{}', '{}', 'recused', '{}', '2026-08-01', 'x', '[]', 1, '2026-07-01 03:00:00', '2026-07-01 03:00:00');",
            uuid::Uuid::now_v7(), cast.request["id"].as_str().unwrap(), reviewer.id, cast.fund_officer.id
        )).await;
        for action in ["approve", "disburse", "withhold", "refund"] {
            assert!(closed(&reviewer, &tranches[1], action).await.contains(&"separation_of_duties".to_owned()), "{action}");
        }
        terminate(&app, &reviewer, &cast.request).await.refused(403, "separation_of_duties");
    }

    async fn a_payment_that_failed_is_taken_back_and_paid_anew(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let paid = &tranches[0];
        let fail = |who: &Client, tranche: &Value| who.post(format!("{}/payment-failure", tranche_path(tranche))).money(tranche).json(json!({"reason": "Wrong account."}));
        fail(&cast.owner, paid).send().await.refused(403, "forbidden");
        let failed = fail(&cast.finance_officer, paid).send().await.expect(200);
        assert_eq!(money(&failed), ["failed", "0.00", "-", "0.00", "0.00"]);
        assert_eq!((&failed["status_reason"], &failed["payment_reference"]), (&json!("Wrong account."), &json!(null)));
        assert_eq!(position(&app, &cast).await, (10_000_000, 0, 35_000_000));
        fail(&cast.finance_officer, &failed).send().await.refused(409, "transition_not_allowed");
        let paid = app.pay(&cast, &failed).await;
        assert_eq!(money(&paid), ["disbursed", "50000.00", "-", "0.00", "50000.00"]);
        // Money that came back had arrived; so had money that is reported on.
        let back = refund(&app, &cast.finance_officer, &paid, "10000.00").await.expect(200);
        assert_eq!(findings(&fail(&cast.finance_officer, &back).send().await.refused(409, "conditions_unmet")), ["refunded_already"]);
        let report = app.reported(&cast, &back, "30000.00").await;
        let reported = cast.owner.get(tranche_path(&back)).send().await.expect(200);
        fail(&cast.finance_officer, &reported).send().await.refused(409, "transition_not_allowed");
        step(&cast.fund_officer, &report_path(&report), json!({"action": "return", "reason": "x"})).await;
        let open = cast.owner.get(tranche_path(&back)).send().await.expect(200);
        assert_eq!(findings(&fail(&cast.finance_officer, &open).send().await.refused(409, "conditions_unmet")), ["refunded_already", "report_handed_in"]);
    }

    async fn a_tranche_is_settled_when_accepted_and_refunded_add_up(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        refund(&app, &cast.finance_officer, &tranches[0], "0.00").await.refused(422, "validation_failed");
        let too_much = refund(&app, &cast.finance_officer, &tranches[0], "50000.01").await.refused(422, "validation_failed");
        assert_eq!(findings(&too_much), ["#/amount/amount maximum"]);
        refund(&app, &cast.fund_officer, &tranches[0], "1.00").await.refused(403, "forbidden");
        let report = app.reported(&cast, &tranches[0], "40000.00").await;
        app.accepted(&cast, &report, "37500.00").await;
        let open = cast.owner.get(tranche_path(&tranches[0])).send().await.expect(200);
        assert_eq!(money(&open), ["reported", "50000.00", "37500.00", "0.00", "12500.00"]);
        let too_much = refund(&app, &cast.finance_officer, &open, "12500.01").await.refused(422, "validation_failed");
        assert_eq!(findings(&too_much), ["#/amount/amount maximum"]);
        let some = refund(&app, &cast.finance_officer, &open, "12000.00").await.expect(200);
        assert_eq!(money(&some), ["reported", "50000.00", "37500.00", "12000.00", "500.00"]);
        // Two who know the same version: the second is refused.
        refund(&app, &cast.finance_officer, &open, "500.00").await.refused(412, "version_mismatch");
        let all = refund(&app, &cast.finance_officer, &some, "500.00").await.expect(200);
        assert_eq!(money(&all), ["settled", "50000.00", "37500.00", "12500.00", "0.00"]);
        assert_eq!(findings(&refund(&app, &cast.finance_officer, &all, "1.00").await.refused(409, "conditions_unmet")), ["nothing_to_refund"]);
        assert_eq!(findings(&refund(&app, &cast.finance_officer, &tranches[1], "1.00").await.refused(409, "conditions_unmet")), ["not_paid"]);
        // 75 % are used exactly: only the milestone is left.
        assert_eq!(closed(&cast.owner, &tranches[1], "request").await, ["milestones_open"].map(str::to_owned));
        assert_eq!(position(&app, &cast).await, (10_000_000, 3_750_000, 35_000_000));
    }

    async fn the_money_follows_the_pilot_through_its_gates(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        assert_eq!(app.request_now(&cast.request).await["status"], "agreement_signed");
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        // The system: paid, and through gate 1.
        assert_eq!(app.request_now(&cast.request).await["status"], "active");
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        let (result, why) = condition(&cast.owner, &cast.pilot, "G2.MONEY").await;
        assert_eq!(result, "unmet");
        assert!(why.contains("Tranche 1 of SIF-") && why.contains("no accepted expenditure report") && why.contains("Tranche 2"), "{why}");
        app.accepted(&cast, &report, "45000.00").await;
        assert!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.1.contains("still to be refunded"));
        // On hold nothing is asked for, approved or paid.
        let plan = app.plan_in_force(&cast.owner, &cast.pilot).await;
        let done = json!({"action": "complete", "done_on": app.today(), "evidence": "Sheet."});
        step(&cast.owner, &milestone_path(&plan["milestones"][0]), done).await;
        assert_eq!(closed(&cast.owner, &tranches[1], "request").await, [""; 0]);
        act_on(&cast.owner, &tranches[1], json!({"action": "request"})).await.expect(200);
        act(&cast.officer, &cast.pilot, json!({"action": "hold", "reason": "Floods", "review_on": "2026-08-01"})).await;
        assert_eq!(findings(&act_on(&cast.fund_approver, &tranches[1], json!({"action": "approve"})).await.refused(409, "conditions_unmet")), ["pilot_on_hold"]);
        act(&cast.officer, &cast.pilot, json!({"action": "resume"})).await;
        let approved = act_on(&cast.fund_approver, &tranches[1], json!({"action": "approve"})).await.expect(200);
        act(&cast.officer, &cast.pilot, json!({"action": "hold", "reason": "Floods", "review_on": "2026-08-01"})).await;
        assert_eq!(findings(&disburse(&app, &cast.finance_officer, &approved).await.refused(409, "conditions_unmet")), ["pilot_on_hold"]);
        act(&cast.officer, &cast.pilot, json!({"action": "resume"})).await;
        let second = disburse(&app, &cast.finance_officer, &approved).await.expect(200);
        let report = app.reported(&cast, &second, "50000.00").await;
        app.accepted(&cast, &report, "50000.00").await;
        let first = cast.owner.get(tranche_path(&tranches[0])).send().await.expect(200);
        refund(&app, &cast.finance_officer, &first, "5000.00").await.expect(200);
        assert_eq!(condition(&cast.owner, &cast.pilot, "G2.MONEY").await.0, "met");
        // And closed: what came back is free.
        close(&app, &cast.finance_officer, &cast.request).await.refused(409, "transition_not_allowed");
        start_closing(&cast).await;
        close(&app, &cast.fund_approver, &cast.request).await.refused(403, "forbidden");
        let end = close(&app, &cast.finance_officer, &cast.request).await.expect(200);
        assert_eq!((&end["status"], &end["released"], &end["to_recover"]), (&json!("closed"), &taka("5000.00"), &taka("0.00")));
        assert_eq!(position(&app, &cast).await, (9_500_000, 9_500_000, 35_500_000));
    }

    async fn a_request_closes_when_every_taka_is_accounted_for(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        app.sql(format!("UPDATE funding_requests SET status = 'closing' WHERE id = '{}';", cast.request["id"].as_str().unwrap())).await;
        let unmet = close(&app, &cast.finance_officer, &cast.request).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["report_missing", "tranche_left"]);
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        app.accepted(&cast, &report, "40000.00").await;
        let unmet = close(&app, &cast.finance_officer, &cast.request).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["refund_missing", "tranche_left"]);
    }

    async fn a_terminated_request_frees_what_is_not_paid_and_is_owed_the_rest(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        app.award(&cast, &cast.request).await;
        // Someone else waits for 100,000 of a round that has no more.
        let (other_owner, other_officer) = (app.stranger().await, app.second_officer().await);
        let other_pilot = app.design(&other_owner, &other_officer).await;
        let waiting = app.request_before_panel(&cast.round, &other_pilot, &other_owner).await;
        let present = app.request_now(&waiting).await;
        let meeting = app.meeting(&cast).await["id"].clone();
        let later = json!({"decision": "waitlist", "amount": taka("100000.00"), "panel_meeting_id": meeting, "reason": "No money."});
        let take = json!({"direction": "deallocate", "amount": taka("350000.00"), "reason": "Needed elsewhere."});
        let round = cast.fund_approver.get(format!("/v1/funding-rounds/{}", cast.round["id"].as_str().unwrap())).send().await.expect(200);
        cast.fund_approver.post(format!("/v1/funding-rounds/{}/allocations", cast.round["id"].as_str().unwrap())).money(&round).json(take).send().await.expect(201);
        cast.fund_approver.post(format!("{}/decisions", request_path(&waiting))).money(&present).json(later).send().await.expect(200);
        app.release_round(&cast.fund_officer, &cast.round).await;
        let tranches = plan(&cast, two_halves()).await.expect(200)["items"].clone();
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        terminate(&app, &cast.fund_approver, &cast.request).await.refused(409, "transition_not_allowed");
        sign(&cast.owner, &cast.request, &file).await.expect(200);
        sign(&cast.fund_officer, &cast.request, &file).await.expect(200);
        let paid = app.pay(&cast, &tranches[0]).await;
        for who in [&cast.owner, &cast.fund_officer, &cast.finance_officer] {
            terminate(&app, who, &cast.request).await.refused(403, "forbidden");
        }
        let end = terminate(&app, &cast.fund_approver, &cast.request).await.expect(200);
        assert_eq!((&end["status"], &end["released"], &end["to_recover"]), (&json!("terminated"), &taka("50000.00"), &taka("50000.00")));
        assert_eq!(end["cancelled_tranches"], json!([tranches[1]["id"]]));
        assert_eq!(position(&app, &cast).await, (5_000_000, 5_000_000, 5_000_000));
        terminate(&app, &cast.fund_approver, &cast.request).await.refused(409, "transition_not_allowed");
        assert_eq!(app.request_now(&waiting).await["status"], "waitlisted");
        // What was spent is still reported; what was not comes back and goes to who waits.
        let report = app.reported(&cast, &paid, "20000.00").await;
        app.accepted(&cast, &report, "0.00").await;
        let open = cast.owner.get(tranche_path(&paid)).send().await.expect(200);
        let back = refund(&app, &cast.finance_officer, &open, "50000.00").await.expect(200);
        assert_eq!(money(&back), ["settled", "50000.00", "0.00", "50000.00", "0.00"]);
        assert_eq!(position(&app, &cast).await, (0, 0, 0));
        assert_eq!(app.request_now(&waiting).await["status"], "recommended");
    }

    async fn a_pilot_that_ends_takes_its_requests_along(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        act(&cast.owner, &cast.pilot, json!({"action": "withdraw", "reason": "No boats."})).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "withdrawn");
        assert_eq!(position(&app, &cast).await, (0, 0, 45_000_000));
    }

    async fn an_award_lapses_with_its_pilot(app: App) {
        let (cast, tranches) = app.cast_planned().await;
        act(&cast.owner, &cast.pilot, json!({"action": "withdraw", "reason": "No boats."})).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "lapsed");
        assert_eq!(position(&app, &cast).await, (0, 0, 45_000_000));
        assert_eq!(cast.fund_officer.get(tranche_path(&tranches[0])).send().await.expect(200)["status"], "cancelled");
    }

    async fn a_running_request_is_terminated_with_its_pilot(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        let lessons = json!({"action": "discontinue", "lessons": "Boats are dear."});
        act(&cast.owner, &cast.pilot, lessons).await;
        assert_eq!(app.request_now(&cast.request).await["status"], "terminated");
        assert_eq!(position(&app, &cast).await, (5_000_000, 5_000_000, 40_000_000));
        let states: Vec<Value> = cast.owner.get(format!("{}/tranches", request_path(&cast.request))).send().await.expect(200)["items"].as_array().unwrap().iter().map(|it| it["status"].clone()).collect();
        assert_eq!(states, [json!("disbursed"), json!("cancelled")]);
        assert_eq!(closed(&cast.owner, &tranches[0], "report").await, [""; 0]);
    }

    async fn a_pilot_without_money_of_the_fund_passes_by(app: App) {
        let (owner, deputy, officer) = (app.owner().await, app.deputy().await, app.officer().await);
        let pilot = app.at_gate_one(&owner, Some(&deputy), &officer).await;
        assert_eq!(condition(&owner, &pilot, "G2.MONEY").await.0, "not_applicable");
    }
}

/// Says that all is paid.
async fn start_closing(cast: &Cast) {
    step(&cast.finance_officer, &request_path(&cast.request), json!({"action": "start_closing"})).await;
}

/// A program that acts for someone, with all that has to do with tranches.
async fn program(app: &App, owner: &Person) -> Client {
    let body = json!({"name": "Ledger", "scopes": ["tranches:read", "tranches:write"], "ends_on": "2027-06-30"});
    let account = owner.post("/v1/service-accounts").json(body).send().await.expect(201);
    let place = format!("/v1/service-accounts/{}/keys", account["id"].as_str().unwrap());
    let key =
        owner.post(place).json(json!({"expires_on": "2027-06-30", "password": PASSWORD})).send().await.expect(201);
    app.anonymous().with_token(key["key"].as_str().unwrap())
}
