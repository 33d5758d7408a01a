//! Expenditure reports: written by the team, checked by the fund, accepted by finance.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{
    Client, Response,
    builders::*,
    client::findings,
    funding_funds::taka,
    funding_reviews::request_path,
    funding_tranches::{attach, drawn_in, line, report_path, tranche_path},
};

async fn begin(who: &Client, tranche: &Value, lines: Value) -> Response {
    who.post(format!("{}/expenditure-reports", tranche_path(tranche))).json(json!({"lines": lines})).send().await
}

async fn move_it(who: &Client, report: &Value, command: Value) -> Response {
    who.post(format!("{}/transitions", report_path(report))).if_match("*").json(command).send().await
}

async fn status(who: &Client, tranche: &Value) -> Value {
    who.get(tranche_path(tranche)).send().await.expect(200)["status"].clone()
}

on_both_engines! {
    async fn a_report_is_written_with_its_vouchers_and_handed_in_once(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        assert_eq!(findings(&begin(&cast.owner, &tranches[1], json!([])).await.refused(409, "conditions_unmet")), ["not_paid"]);
        begin(&cast.fund_officer, &tranches[0], json!([])).await.refused(403, "forbidden");
        let stranger = app.stranger().await;
        begin(&stranger, &tranches[0], json!([])).await.refused(404, "not_found");
        let nothing = json!({"id": null});
        let mut bad = line(&app, "0.00", &nothing);
        bad["voucher_id"] = json!(uuid::Uuid::now_v7().to_string());
        assert_eq!(findings(&begin(&cast.owner, &tranches[0], json!([bad])).await.refused(422, "validation_failed")), ["#/lines/0/amount/amount minimum", "#/lines/0/voucher_id unknown_reference"]);
        // A member writes it.
        let member = app.person("Member", &[], app.people.land_office).await;
        drawn_in(&app, &cast.pilot, &member).await;
        let mut early = line(&app, "30000.00", &nothing);
        early["spent_on"] = json!("2026-06-30");
        let created = begin(&member, &tranches[0], json!([early, line(&app, "30000.00", &nothing)])).await;
        assert_eq!(created.header("location"), Some(report_path(&created.expect(201)).as_str()));
        let draft = created.expect(201);
        assert_eq!((&draft["status"], &draft["total"], &draft["allowed_actions"]), (&json!("draft"), &taka("60000.00"), &json!(["edit", "delete", "add_attachment"])));
        assert_eq!(findings(&begin(&cast.owner, &tranches[0], json!([])).await.refused(409, "conditions_unmet")), ["report_exists"]);
        move_it(&member, &draft, json!({"action": "submit"})).await.refused(403, "forbidden");
        let unmet = move_it(&cast.deputy, &draft, json!({"action": "submit"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&unmet), ["more_than_paid", "spent_outside", "voucher_missing", "voucher_missing"]);
        let voucher = attach(&member, "expenditure_report", &draft).await.expect(201);
        attach(&cast.fund_officer, "expenditure_report", &draft).await.refused(403, "forbidden");
        let place = report_path(&draft);
        let good = json!({"lines": [line(&app, "50000.00", &voucher)]});
        cast.deputy.patch(&place).merge(good.clone()).send().await.refused(428, "if_match_required");
        cast.deputy.patch(&place).if_match("\"9\"").merge(good.clone()).send().await.refused(412, "version_mismatch");
        cast.fund_officer.patch(&place).if_match("*").merge(good.clone()).send().await.refused(403, "forbidden");
        let edited = cast.deputy.patch(&place).if_match(version(&draft)).merge(good.clone()).send().await.expect(200);
        assert_eq!(edited["allowed_actions"], json!(["edit", "delete", "add_attachment", "submit"]));
        let handed_in = move_it(&cast.deputy, &draft, json!({"action": "submit"})).await.expect(200);
        assert_eq!((&handed_in["status"], &handed_in["submitted_by"], &handed_in["allowed_actions"]), (&json!("submitted"), &json!(cast.deputy.id), &json!([])));
        assert_eq!(status(&cast.owner, &tranches[0]).await, "reported");
        // What the fund judges by stays.
        attach(&member, "expenditure_report", &draft).await.refused(409, "evidence_frozen");
        cast.owner.delete(format!("/v1/attachments/{}", voucher["id"].as_str().unwrap())).if_match("*").send().await.refused(409, "evidence_frozen");
        cast.owner.patch(&place).if_match("*").merge(good).send().await.refused(409, "transition_not_allowed");
        cast.owner.delete(&place).if_match("*").send().await.refused(409, "transition_not_allowed");
        // Who sees it.
        let listed = format!("{}/expenditure-reports?include_total=true", request_path(&cast.request));
        for who in [&cast.owner, &cast.fund_officer, &cast.finance_officer, &cast.officer] {
            let page = who.get(&listed).send().await.expect(200);
            assert_eq!((&page["total"]["value"], &page["items"][0]["id"]), (&json!(1), &draft["id"]));
            who.get(&place).send().await.expect(200);
        }
        for place in [&place, &listed] {
            stranger.get(place).send().await.refused(404, "not_found");
            app.anonymous().get(place).send().await.refused(401, "unauthenticated");
        }
        app.anonymous().get(format!("/v1/attachments/{}", voucher["id"].as_str().unwrap())).send().await.refused(401, "unauthenticated");
    }

    async fn a_report_is_begun_once_by_its_key(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let place = format!("{}/expenditure-reports", tranche_path(&tranches[0]));
        let nothing = json!({"id": null});
        let (empty, full) = (json!({"lines": []}), json!({"lines": [line(&app, "100.00", &nothing)]}));
        let send = async |who: &Client, body: &Value| who.post(&place).key("report-1").json(body.clone()).send().await;
        let first = send(&cast.owner, &empty).await;
        let again = send(&cast.owner, &empty).await;
        assert_eq!((again.header("idempotent-replayed"), again.header("location"), again.expect(201)), (Some("true"), first.header("location"), first.expect(201)));
        // The first answer also when the report has moved on meanwhile.
        cast.owner.patch(report_path(&first.json())).if_match("*").merge(full.clone()).send().await.expect(200);
        assert_eq!(send(&cast.owner, &empty).await.expect(201), first.expect(201));
        // Another content, and another person, are not it.
        send(&cast.owner, &full).await.refused(422, "idempotency_key_reused");
        assert_eq!(findings(&send(&cast.deputy, &empty).await.refused(409, "conditions_unmet")), ["report_exists"]);
        let listed = format!("{}/expenditure-reports?include_total=true", request_path(&cast.request));
        assert_eq!(cast.owner.get(listed).send().await.expect(200)["total"]["value"], 1);
    }

    async fn a_draft_is_deleted_with_its_files(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let draft = begin(&cast.owner, &tranches[0], json!([])).await.expect(201);
        let file = attach(&cast.owner, "expenditure_report", &draft).await.expect(201);
        cast.fund_officer.delete(report_path(&draft)).if_match("*").send().await.refused(403, "forbidden");
        cast.deputy.delete(report_path(&draft)).if_match("*").send().await.expect(204);
        cast.owner.get(report_path(&draft)).send().await.refused(404, "not_found");
        cast.owner.get(format!("/v1/attachments/{}", file["id"].as_str().unwrap())).send().await.refused(404, "not_found");
        begin(&cast.owner, &tranches[0], json!([])).await.expect(201);
    }

    async fn one_checks_and_another_accepts(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        let accept = |amount: &str| json!({"action": "accept", "accepted_amount": taka(amount)});
        let both = app.person("Both", &[Role::FundOfficer, Role::FinanceOfficer], app.people.a2i).await;
        move_it(&cast.finance_officer, &report, json!({"action": "check"})).await.refused(403, "forbidden");
        move_it(&both, &report, accept("1.00")).await.refused(409, "transition_not_allowed");
        let checked = move_it(&both, &report, json!({"action": "check"})).await.expect(200);
        assert_eq!((&checked["status"], &checked["checked_by"]), (&json!("checked"), &json!(both.id)));
        move_it(&both, &report, accept("1.00")).await.refused(403, "separation_of_duties");
        move_it(&cast.fund_officer, &report, accept("1.00")).await.refused(403, "forbidden");
        // Contested, checked by another, sent back, handed in again.
        assert_eq!(findings(&move_it(&both, &report, json!({"action": "dispute"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let disputed = move_it(&cast.finance_officer, &report, json!({"action": "dispute", "reason": "Whose boat?"})).await.expect(200);
        assert_eq!((&disputed["status"], &disputed["status_reason"], status(&cast.owner, &tranches[0]).await), (&json!("disputed"), &json!("Whose boat?"), json!("reported")));
        move_it(&cast.fund_officer, &report, json!({"action": "check"})).await.expect(200);
        let returned = move_it(&cast.finance_officer, &report, json!({"action": "return", "reason": "One line is wrong."})).await.expect(200);
        assert_eq!((&returned["status"], status(&cast.owner, &tranches[0]).await), (&json!("returned"), json!("disbursed")));
        let kept = json!({"lines": [line(&app, "44000.00", &returned["lines"][0].get("voucher_id").map(|id| json!({"id": id})).unwrap())]});
        cast.owner.patch(report_path(&report)).if_match("*").merge(kept).send().await.expect(200);
        cast.owner.delete(report_path(&report)).if_match("*").send().await.refused(409, "transition_not_allowed");
        let again = move_it(&cast.owner, &report, json!({"action": "submit"})).await.expect(200);
        assert_eq!(again["status_reason"], json!(null));
        move_it(&cast.fund_officer, &report, json!({"action": "check"})).await.expect(200);
        assert_eq!(findings(&move_it(&cast.finance_officer, &report, json!({"action": "accept"})).await.refused(422, "validation_failed")), ["#/accepted_amount required"]);
        assert_eq!(findings(&move_it(&cast.finance_officer, &report, json!({"action": "return", "reason": "x", "accepted_amount": taka("1.00")})).await.refused(422, "validation_failed")), ["#/accepted_amount unexpected"]);
        assert_eq!(findings(&move_it(&cast.finance_officer, &report, accept("44000.01")).await.refused(422, "validation_failed")), ["#/accepted_amount/amount maximum"]);
        let accepted = move_it(&cast.finance_officer, &report, accept("44000.00")).await.expect(200);
        assert_eq!((&accepted["status"], &accepted["accepted"], &accepted["accepted_by"], &accepted["allowed_actions"]), (&json!("accepted"), &taka("44000.00"), &json!(cast.finance_officer.id), &json!([])));
        assert_eq!(status(&cast.owner, &tranches[0]).await, "reported");
        for action in ["check", "return", "dispute"] {
            move_it(&cast.fund_officer, &report, json!({"action": action, "reason": "x"})).await.refused(409, "transition_not_allowed");
        }
    }

    async fn what_is_accepted_in_full_settles_its_tranche(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let inside = app.person("Inside", &[Role::FundOfficer, Role::FinanceOfficer], app.people.livestock_office).await;
        drawn_in(&app, &cast.pilot, &inside).await;
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        move_it(&inside, &report, json!({"action": "check"})).await.refused(403, "separation_of_duties");
        move_it(&cast.fund_officer, &report, json!({"action": "check"})).await.expect(200);
        move_it(&inside, &report, json!({"action": "accept", "accepted_amount": taka("50000.00")})).await.refused(403, "separation_of_duties");
        move_it(&cast.finance_officer, &report, json!({"action": "accept", "accepted_amount": taka("50000.00")})).await.expect(200);
        assert_eq!(status(&cast.owner, &tranches[0]).await, "settled");
    }
}
