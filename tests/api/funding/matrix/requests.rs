//! Requests and local sources: a draft, one that is handed in and seen by staff, a source that waits.

use serde_json::{Value, json};

use super::PERSONAS;
use crate::authorization::{Case, Expected, Stage, act_on, check, delete, get, patch, post};
use crate::support::{App, builders::*, funding_funds::taka, funding_reviews::handed_in, people::Person};

mod expected {
    use super::Expected;

    pub const LOGGED_IN: Expected = "1+ ++ + +++ + + ++";
    pub const INSIDERS: Expected = "13 ++ + +++ 3 3 ++";
    pub const OWNER: Expected = "13 3+ 3 333 3 3 33";
    pub const JUDGES: Expected = "13 33 + 33+ 3 3 33";
    /// A draft of a request is for its team.
    pub const DRAFT_TEAM: Expected = "14 ++ 4 444 4 4 44";
    pub const DRAFT_OWNER: Expected = "14 3+ 4 444 4 4 44";
    /// What was handed in: the team and staff.
    pub const HANDED_IN: Expected = "14 ++ + +++ 4 4 ++";
    pub const HANDED_IN_OWNER: Expected = "14 3+ 3 333 4 4 33";
    pub const HANDED_IN_OFFICER: Expected = "14 33 3 +33 4 4 33";
    pub const HANDED_IN_APPROVER: Expected = "14 33 3 3+3 4 4 33";
    pub const HANDED_IN_FINANCE: Expected = "14 33 3 33+ 4 4 33";
    pub const FUND_READERS: Expected = "13 33 3 +++ 3 3 3+";
}

#[rustfmt::skip]
const REQUESTS: &[Case] = &[
    get("list_pilot_funding_requests", "/v1/pilots/{pilot}/funding-requests", expected::INSIDERS),
    post("create_funding_request", "/v1/pilots/{pilot}/funding-requests", expected::OWNER),
    get("list_funding_requests", "/v1/funding-requests", expected::FUND_READERS),
    get("get_funding_request", "/v1/funding-requests/{request_draft}", expected::DRAFT_TEAM),
    get("get_funding_request", "/v1/funding-requests/{handed_in}", expected::HANDED_IN),
    patch("update_funding_request", "/v1/funding-requests/{request_draft}", expected::DRAFT_OWNER),
    patch("update_funding_request", "/v1/funding-requests/{handed_in}", expected::HANDED_IN_OWNER),
    delete("delete_funding_request", "/v1/funding-requests/{request_draft}", expected::DRAFT_OWNER),
    get("get_funding_request_actions", "/v1/funding-requests/{handed_in}/actions", expected::HANDED_IN),
    get("list_funding_request_transitions", "/v1/funding-requests/{handed_in}/transitions", expected::HANDED_IN),
    get("list_eligibility_results", "/v1/funding-requests/{handed_in}/eligibility-results", expected::HANDED_IN),
    post("check_eligibility", "/v1/funding-requests/{handed_in}/eligibility-checks", "13 33 3 +33 3 3 33"),
    act_on("transition_funding_request.submit", "/v1/funding-requests/{request_draft}/transitions", r#"{"action": "submit"}"#, expected::DRAFT_OWNER),
    act_on("transition_funding_request.withdraw", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "withdraw", "reason": "x"}"#, expected::HANDED_IN_OWNER),
    act_on("transition_funding_request.start_eligibility", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "start_eligibility"}"#, expected::HANDED_IN_OFFICER),
    act_on("transition_funding_request.find_ineligible", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "find_ineligible"}"#, expected::HANDED_IN_OFFICER),
    act_on("transition_funding_request.request_changes", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "request_changes"}"#, expected::HANDED_IN_OFFICER),
    act_on("transition_funding_request.start_review", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "start_review"}"#, expected::HANDED_IN_OFFICER),
    act_on("transition_funding_request.start_panel", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "start_panel"}"#, expected::HANDED_IN_OFFICER),
    act_on("transition_funding_request.suspend", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "suspend"}"#, expected::HANDED_IN_APPROVER),
    act_on("transition_funding_request.resume", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "resume"}"#, expected::HANDED_IN_APPROVER),
    act_on("transition_funding_request.start_closing", "/v1/funding-requests/{handed_in}/transitions", r#"{"action": "start_closing"}"#, expected::HANDED_IN_FINANCE),
];

#[rustfmt::skip]
const SOURCES: &[Case] = &[
    get("list_funding_sources", "/v1/pilots/{pilot}/funding-sources", expected::LOGGED_IN),
    post("declare_funding_source", "/v1/pilots/{pilot}/funding-sources", expected::OWNER),
    get("get_funding_source", "/v1/funding-sources/{source}", expected::LOGGED_IN),
    get("get_funding_source_actions", "/v1/funding-sources/{source}/actions", expected::LOGGED_IN),
    patch("update_funding_source", "/v1/funding-sources/{source}", expected::OWNER),
    act_on("transition_funding_source.confirm", "/v1/funding-sources/{source}/transitions", r#"{"action": "confirm"}"#, expected::JUDGES),
    act_on("transition_funding_source.refuse", "/v1/funding-sources/{source}/transitions", r#"{"action": "refuse"}"#, expected::JUDGES),
    act_on("transition_funding_source.withdraw", "/v1/funding-sources/{source}/transitions", r#"{"action": "withdraw"}"#, expected::OWNER),
];

/// The cases of this stage.
#[rustfmt::skip]
pub const SUBJECTS: &[&[Case]] = &[REQUESTS, SOURCES];

/// Everyone and everything that the cases speak of.
async fn stage(app: &App) -> Stage {
    let nobody = app.person("Nobody", &[], app.people.land_office).await;
    let member = app.person("Member", &[], app.people.land_office).await;
    let (owner, officer) = (app.owner().await, app.officer().await);
    let (fund_officer, fund_approver) = (app.fund_officer().await, app.fund_approver().await);
    let (finance_officer, reviewer) = (app.finance_officer().await, app.reviewer("Reviewer").await);
    let (stranger, admin, auditor) = (app.stranger().await, app.admin().await, app.auditor().await);
    let round = app.open_round(&fund_officer, &finance_officer, &fund_approver, "450000.00").await;
    let second = app.open_round(&fund_officer, &finance_officer, &fund_approver, "450000.00").await;
    let pilot = app.design(&owner, &officer).await;
    join(&owner, &pilot, &member, "member").await;
    app.planned(&owner, &pilot).await;
    let handed_in = handed_in(&owner, &pilot, &round, "60000.00").await;
    let draft = json!({"round_id": second["id"], "requested": taka("60000.00")});
    let draft = owner.post(format!("{}/funding-requests", path(&pilot))).json(draft).send().await.expect(201);
    app.decide_round(&fund_officer, &round).await;
    let source = app.source(&owner, &pilot, taka("1.00")).await;
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let places = vec![
        ("{pilot}", id(&pilot)),
        ("{request_draft}", id(&draft)),
        ("{handed_in}", id(&handed_in)),
        ("{source}", id(&source)),
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
