//! What waits for whom of gates, tranches, reports and local money: for those who may do it and nobody else, until it is
//! done.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{
    App, Client, builders::*, funding_funds::taka, funding_reviews::tasks, funding_tranches::*, people::Person,
};

/// The places of the tasks of a kind; each is there for who is told of it.
async fn of_kind(who: &Client, kind: &str) -> Vec<String> {
    let places: Vec<String> = tasks(who).await.into_iter().filter(|task| task.0 == kind).map(|task| task.1).collect();
    for place in &places {
        who.get(place).send().await.expect(200);
    }
    places
}

async fn inside(app: &App, pilot: &Value, name: &str, role: Role) -> Person {
    let person = app.person(name, &[role], app.people.a2i).await;
    drawn_in(app, pilot, &person).await;
    person
}

/// None of these has such a task.
async fn nobody(people: &[&Person], kind: &str) {
    for (place, who) in people.iter().enumerate() {
        assert_eq!(of_kind(who, kind).await, [""; 0], "{kind} of number {place}");
    }
}

on_both_engines! {
    async fn a_decision_at_a_gate_waits_for_a_second_officer(app: App) {
        let (owner, officer, second) = (app.owner().await, app.officer().await, app.second_officer().await);
        let (finance, auditor) = (app.finance_officer().await, app.auditor().await);
        let pilot = app.at_gate_one(&owner, None, &officer).await;
        let member = inside(&app, &pilot, "Inside", Role::ProgrammeOfficer).await;
        let propose = async |pilot: &Value| {
            let waivers = json!([{"code": "G1.TEAM", "reason": "A deputy joins next month."}]);
            let body = json!({"gate": "execution", "outcome": "pass", "waivers": waivers});
            officer.post(format!("{}/gate-decisions", path(pilot))).json(body).send().await.expect(201)
        };
        let proposed = propose(&pilot).await;
        assert_eq!(of_kind(&second, "gate_confirmation").await, [decision_path(&proposed)]);
        nobody(&[&officer, &member, &owner, &finance, &auditor], "gate_confirmation").await;
        step(&second, &decision_path(&proposed), json!({"action": "reject", "reason": "Name one."})).await;
        nobody(&[&second], "gate_confirmation").await;
        // Made anew, it goes with its pilot.
        let proposed = propose(&pilot).await;
        assert_eq!(of_kind(&second, "gate_confirmation").await, [decision_path(&proposed)]);
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "No boats."})).await;
        nobody(&[&second, &officer], "gate_confirmation").await;
    }

    async fn a_tranche_goes_from_hand_to_hand(app: App) {
        let cast = app.cast().await;
        let member = app.person("Member", &[], app.people.land_office).await;
        drawn_in(&app, &cast.pilot, &member).await;
        let fellow = inside(&app, &cast.pilot, "Inside", Role::FundApprover).await;
        let many = app.person("Many Hats", &[Role::FundApprover, Role::FinanceOfficer], app.people.a2i).await;
        let stranger = app.stranger().await;
        let half = |day: &str| json!({"amount": taka("50000.00"), "planned_on": day, "milestones": []});
        let content = json!({"tranches": [half(&app.today()), half("2026-07-20")]});
        let tranches = plan(&cast, content).await.expect(200)["items"].as_array().unwrap().clone();
        let (first, second) = (tranche_path(&tranches[0]), tranche_path(&tranches[1]));
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        sign(&cast.owner, &cast.request, &file).await.expect(200);
        nobody(&[&cast.owner, &cast.deputy], "tranche_request").await;
        sign(&cast.fund_officer, &cast.request, &file).await.expect(200);
        for who in [&cast.owner, &cast.deputy] {
            assert_eq!(of_kind(who, "tranche_request").await, [first.as_str()]);
        }
        nobody(&[&member, &fellow, &stranger, &cast.officer, &cast.fund_officer, &cast.fund_approver], "tranche_request").await;
        nobody(&[&cast.fund_approver, &many], "tranche_approval").await;
        step(&cast.deputy, &first, json!({"action": "request"})).await;
        nobody(&[&cast.owner, &cast.deputy], "tranche_request").await;
        for who in [&cast.fund_approver, &many] {
            assert_eq!(of_kind(who, "tranche_approval").await, [first.as_str()]);
        }
        nobody(&[&fellow, &cast.finance_officer, &cast.fund_officer, &cast.owner], "tranche_approval").await;
        nobody(&[&cast.finance_officer, &many], "disbursement").await;
        let approved = step(&many, &first, json!({"action": "approve"})).await;
        nobody(&[&cast.fund_approver, &many], "tranche_approval").await;
        // Who approved does not pay; nobody is paid while the pilot is on hold.
        assert_eq!(of_kind(&cast.finance_officer, "disbursement").await, [first.as_str()]);
        nobody(&[&many, &fellow, &cast.fund_approver, &cast.owner], "disbursement").await;
        app.pass(&cast.officer, &cast.pilot, "execution").await;
        act(&cast.officer, &cast.pilot, json!({"action": "hold", "reason": "Floods", "review_on": "2026-08-01"})).await;
        nobody(&[&cast.finance_officer], "disbursement").await;
        act(&cast.officer, &cast.pilot, json!({"action": "resume"})).await;
        disburse(&app, &cast.finance_officer, &approved).await.expect(200);
        nobody(&[&cast.finance_officer], "disbursement").await;
        // The next one waits for the report on this one, and for its day.
        for who in [&cast.owner, &cast.deputy, &member] {
            assert_eq!(of_kind(who, "report").await, [first.as_str()]);
        }
        nobody(&[&stranger, &cast.fund_officer, &cast.finance_officer], "report").await;
        let report = app.reported(&cast, &tranches[0], "50000.00").await;
        app.accepted(&cast, &report, "50000.00").await;
        nobody(&[&cast.owner, &cast.deputy], "tranche_request").await;
        // Overdue things come first, then by their day.
        let sent_back = app.screening(&cast.owner, &cast.officer).await;
        act(&cast.officer, &sent_back, json!({"action": "request_changes", "reason": "Where?", "due_on": "2026-08-31"})).await;
        app.advance(Duration::days(19));
        let owner = app.renewed(&cast.owner).await;
        assert_eq!(tasks(&owner).await, [("tranche_request".to_owned(), second.clone()), ("changes".to_owned(), path(&sent_back))]);
        let late = |found: Value| -> Vec<Value> { found["items"].as_array().unwrap().iter().map(|it| it["is_overdue"].clone()).collect() };
        assert_eq!(late(owner.get("/v1/me/tasks").send().await.expect(200)), [false, false]);
        app.advance(Duration::days(1));
        let owner = app.renewed(&cast.owner).await;
        assert_eq!(late(owner.get("/v1/me/tasks").send().await.expect(200)), [true, false]);
        app.advance(Duration::days(50));
        let owner = app.renewed(&cast.owner).await;
        assert_eq!(late(owner.get("/v1/me/tasks").send().await.expect(200)), [true, true]);
        assert_eq!(tasks(&owner).await[0].1, second);
    }

    async fn a_report_goes_from_hand_to_hand(app: App) {
        let (cast, tranches) = app.cast_paid().await;
        let both = app.person("Both", &[Role::FundOfficer, Role::FinanceOfficer], app.people.a2i).await;
        let fellow = inside(&app, &cast.pilot, "Inside", Role::FundOfficer).await;
        assert_eq!(of_kind(&cast.owner, "report").await, [tranche_path(&tranches[0])]);
        let place = format!("{}/expenditure-reports", tranche_path(&tranches[0]));
        let draft = cast.owner.post(place).json(json!({"lines": []})).send().await.expect(201);
        assert_eq!(of_kind(&cast.owner, "report").await, [report_path(&draft)]);
        nobody(&[&both, &cast.fund_officer], "report_check").await;
        let submit = json!({"action": "submit"});
        step(&cast.owner, &report_path(&draft), submit.clone()).await;
        nobody(&[&cast.owner, &cast.deputy], "report").await;
        for who in [&both, &cast.fund_officer] {
            assert_eq!(of_kind(who, "report_check").await, [report_path(&draft)]);
        }
        nobody(&[&fellow, &cast.finance_officer, &cast.fund_approver, &cast.owner], "report_check").await;
        nobody(&[&cast.finance_officer, &both], "report_acceptance").await;
        step(&both, &report_path(&draft), json!({"action": "check"})).await;
        nobody(&[&both, &cast.fund_officer], "report_check").await;
        assert_eq!(of_kind(&cast.finance_officer, "report_acceptance").await, [report_path(&draft)]);
        nobody(&[&both, &fellow, &cast.fund_officer, &cast.owner], "report_acceptance").await;
        // Contested, it is to be checked again; sent back, to be written again.
        step(&cast.finance_officer, &report_path(&draft), json!({"action": "dispute", "reason": "Whose boat?"})).await;
        nobody(&[&cast.finance_officer], "report_acceptance").await;
        assert_eq!(of_kind(&cast.fund_officer, "report_check").await, [report_path(&draft)]);
        step(&cast.fund_officer, &report_path(&draft), json!({"action": "return", "reason": "x"})).await;
        nobody(&[&cast.fund_officer, &both], "report_check").await;
        assert_eq!(of_kind(&cast.deputy, "report").await, [report_path(&draft)]);
        step(&cast.owner, &report_path(&draft), submit).await;
        app.accepted(&cast, &draft, "0.00").await;
        nobody(&[&cast.owner, &cast.fund_officer, &cast.finance_officer, &both], "report_acceptance").await;
        nobody(&[&cast.owner, &cast.deputy], "report").await;
    }

    async fn local_money_waits_until_it_is_judged_or_its_pilot_has_ended(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let (finance, fund_officer, stranger) = (app.finance_officer().await, app.fund_officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        let fellow = inside(&app, &pilot, "Inside", Role::ProgrammeOfficer).await;
        // Without a document there is nothing to judge by.
        let bare = json!({"kind": "in_kind", "provider": {"en": "A mill"}, "amount": taka("10.00")});
        owner.post(format!("{}/funding-sources", path(&pilot))).json(bare).send().await.expect(201);
        nobody(&[&officer, &finance], "source_confirmation").await;
        let first = app.source(&owner, &pilot, taka("5000.00")).await;
        for who in [&officer, &finance] {
            assert_eq!(of_kind(who, "source_confirmation").await, [source_path(&first)]);
        }
        nobody(&[&owner, &deputy, &fellow, &fund_officer, &stranger], "source_confirmation").await;
        step(&finance, &source_path(&first), json!({"action": "confirm"})).await;
        nobody(&[&officer, &finance], "source_confirmation").await;
        let refused = app.source(&owner, &pilot, taka("5000.00")).await;
        step(&officer, &source_path(&refused), json!({"action": "refuse", "reason": "No stamp."})).await;
        nobody(&[&officer, &finance], "source_confirmation").await;
        // Nobody can judge it any more when the pilot has ended.
        let last = app.source(&owner, &pilot, taka("7000.00")).await;
        assert_eq!(of_kind(&officer, "source_confirmation").await, [source_path(&last)]);
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "No boats."})).await;
        let confirm = officer.post(format!("{}/transitions", source_path(&last))).if_match("*").json(json!({"action": "confirm"}));
        confirm.send().await.refused(409, "transition_not_allowed");
        nobody(&[&officer, &finance], "source_confirmation").await;
    }
}
