//! Funds, rounds, books and open data, with a round that is deciding and a request before its panel.

use serde_json::Value;

use super::{PERSONAS, expected};
use crate::authorization::{Case, Stage, act_on, check, get, order, patch, post};
use crate::funding::books::{Written, written_request};
use crate::support::{App, builders::join, people::Person};

/// The cases of this stage.
pub const SUBJECTS: &[&[Case]] = &[FUNDS, ROUNDS, OPEN_DATA];

#[rustfmt::skip]
const FUNDS: &[Case] = &[
    get("list_funds", "/v1/funds", expected::ANYONE),
    get("get_fund", "/v1/funds/{fund}", expected::ANYONE),
    get("get_fund_actions", "/v1/funds/{fund}/actions", expected::LOGGED_IN),
    post("create_fund", "/v1/funds", expected::FUND_OFFICER),
    patch("update_fund", "/v1/funds/{fund}", expected::FUND_OFFICER),
    act_on("transition_fund.close", "/v1/funds/{fund}/transitions", r#"{"action": "close", "reason": "x"}"#, expected::FUND_APPROVER),
    act_on("transition_fund.reopen", "/v1/funds/{fund}/transitions", r#"{"action": "reopen", "reason": "x"}"#, expected::FUND_APPROVER),
    post("add_fund_capital", "/v1/funds/{fund}/capital", expected::FINANCE_OFFICER),
    get("get_fund_position", "/v1/funds/{fund}/position", expected::FUND_READERS),
    get("get_round_position", "/v1/funding-rounds/{round}/position", expected::FUND_READERS),
    get("get_funding_request_position", "/v1/funding-requests/{written}/position", "14 33 3 +++ 4 4 3+"),
    get("list_ledger_entries", "/v1/funds/{fund}/ledger", expected::FUND_READERS),
    get("get_ledger_entry", "/v1/ledger-entries/{line}", expected::FUND_READERS),
    get("get_reconciliation", "/v1/funds/{fund}/reconciliation", expected::FUND_READERS),
];

#[rustfmt::skip]
const OPEN_DATA: &[Case] = &[
    get("list_awards", "/v1/awards", expected::ANYONE),
    get("export_awards", "/v1/awards/export?format=csv", expected::ANYONE),
    get("export_funding_list.funds", "/v1/funding-exports/funds", expected::ANYONE),
    get("export_funding_list.rounds", "/v1/funding-exports/rounds", expected::ANYONE),
    get("export_funding_list.round_extensions", "/v1/funding-exports/round_extensions", expected::ANYONE),
    get("export_funding_list.panel_meetings", "/v1/funding-exports/panel_meetings", expected::FUND_READERS),
    get("export_funding_list.decisions", "/v1/funding-exports/decisions", expected::FUND_READERS),
    get("export_funding_list.reviews", "/v1/funding-exports/reviews", "13 33 3 ++3 3 3 3+"),
    get("export_funding_list.sources", "/v1/funding-exports/sources", expected::FUND_READERS),
    get("export_funding_list.requests", "/v1/funding-exports/requests", expected::FUND_READERS),
    get("export_funding_list.tranches", "/v1/funding-exports/tranches", expected::FUND_READERS),
    get("export_funding_list.expenditure_reports", "/v1/funding-exports/expenditure_reports", expected::FUND_READERS),
    get("export_funding_list.ledger", "/v1/funding-exports/ledger", expected::FUND_READERS),
];

#[rustfmt::skip]
const ROUNDS: &[Case] = &[
    get("list_funding_rounds", "/v1/funding-rounds", expected::ANYONE),
    get("get_funding_round", "/v1/funding-rounds/{round}", expected::ANYONE),
    get("get_funding_round_actions", "/v1/funding-rounds/{round}/actions", expected::LOGGED_IN),
    post("create_funding_round", "/v1/funds/{fund}/rounds", expected::FUND_OFFICER),
    patch("update_funding_round", "/v1/funding-rounds/{round}", expected::FUND_OFFICER),
    act_on("transition_funding_round.open", "/v1/funding-rounds/{round}/transitions", r#"{"action": "open"}"#, expected::FUND_OFFICER),
    act_on("transition_funding_round.close", "/v1/funding-rounds/{round}/transitions", r#"{"action": "close"}"#, expected::FUND_OFFICER),
    act_on("transition_funding_round.start_deciding", "/v1/funding-rounds/{round}/transitions", r#"{"action": "start_deciding"}"#, expected::FUND_OFFICER),
    act_on("transition_funding_round.finish_deciding", "/v1/funding-rounds/{round}/transitions", r#"{"action": "finish_deciding"}"#, expected::FUND_OFFICER),
    act_on("transition_funding_round.archive", "/v1/funding-rounds/{round}/transitions", r#"{"action": "archive"}"#, expected::FUND_OFFICER),
    post("extend_funding_round", "/v1/funding-rounds/{round}/extensions", expected::FUND_OFFICER),
    get("list_round_extensions", "/v1/funding-rounds/{round}/extensions", expected::ANYONE),
    post("allocate_to_round", "/v1/funding-rounds/{round}/allocations", expected::FUND_APPROVER),
    post("create_panel_meeting", "/v1/funding-rounds/{round}/panel-meetings", expected::FUND_OFFICER),
    get("list_panel_meetings", "/v1/funding-rounds/{round}/panel-meetings", expected::FUND_READERS),
    get("get_panel_meeting", "/v1/panel-meetings/{meeting}", expected::FUND_READERS),
    order("release_round_results", "/v1/funding-rounds/{round}/release", expected::FUND_OFFICER),
];

async fn stage(app: &App) -> Stage {
    let nobody = app.person("Nobody", &[], app.people.land_office).await;
    let member = app.person("Member", &[], app.people.land_office).await;
    let (owner, officer) = (app.owner().await, app.officer().await);
    let (fund_officer, fund_approver) = (app.fund_officer().await, app.fund_approver().await);
    let (finance_officer, reviewer) = (app.finance_officer().await, app.reviewer("Reviewer").await);
    let (stranger, admin, auditor) = (app.stranger().await, app.admin().await, app.auditor().await);
    let round = app.open_round(&fund_officer, &finance_officer, &fund_approver, "2000000.00").await;
    app.decide_round(&fund_officer, &round).await;
    let meeting = app.panel_meeting(&fund_officer, &round, vec![reviewer.id.to_string().into()]).await;
    let pilot = app.design(&owner, &officer).await;
    join(&owner, &pilot, &member, "member").await;
    let written = written_request(app, &round, &pilot, Written { status: "panel", awarded: None }).await;
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let fund = round["fund_id"].as_str().unwrap().to_owned();
    let lines = auditor.get(format!("/v1/funds/{fund}/ledger")).send().await.expect(200);
    let places = vec![
        ("{fund}", fund),
        ("{round}", id(&round)),
        ("{meeting}", id(&meeting)),
        ("{line}", id(&lines["items"][0])),
        ("{written}", written.to_string()),
    ];
    let people: Vec<Person> = vec![
        nobody,
        member,
        owner,
        officer,
        fund_officer,
        fund_approver,
        finance_officer,
        reviewer,
        stranger,
        admin,
        auditor,
    ];
    let people = [app.anonymous()].into_iter().chain(people.into_iter().map(|person| person.client)).collect();
    Stage { people, places }
}

on_both_engines! {
    async fn everyone_may_what_the_matrix_says_and_nothing_else(app: App) {
        let stage = stage(&app).await;
        check(&stage, &PERSONAS, SUBJECTS.iter().copied().flatten()).await;
    }
}
