//! Who may do what with money: as `authorization`, with the people of the fund. What is permitted stops at a missing
//! `Content-Type` (415), a missing `If-Match` (428) or a body that cannot be (422).

mod books;
mod requests;

use serde_json::{Value, json};

use crate::authorization::{Case, Expected, Stage, act_on, check, delete, get, order, patch, post};
use crate::support::{App, builders::*, funding_funds::again, funding_reviews::*, people::Person};

/// The columns. The third and fourth are the pilot's team; `officer` is a programme officer; `reviewer` is assigned to
/// `{reviewed}` and free of conflicts.
pub const PERSONAS: [&str; 12] = [
    "anonymous",
    "nobody",
    "member",
    "owner",
    "officer",
    "fund_officer",
    "fund_approver",
    "finance_officer",
    "reviewer",
    "stranger",
    "admin",
    "auditor",
];

// What each of them meets, in their order: `+` allowed, `1` unauthenticated (401), `3` forbidden (403), `4` not there
// (404). Spaces part: strangers, team, officer, the fund, reviewer, stranger, the rest.
mod expected {
    use super::Expected;

    pub const LOGGED_IN: Expected = "1+ ++ + +++ + + ++";
    pub const REVIEWER: Expected = "13 33 3 333 + 3 33";
    pub const AUTHOR: Expected = "14 44 4 334 + 4 43";
    pub const ANYONE: Expected = "++ ++ + +++ + + ++";
    pub const FUND_OFFICER: Expected = "13 33 3 +33 3 3 33";
    pub const FUND_APPROVER: Expected = "13 33 3 3+3 3 3 33";
    pub const FINANCE_OFFICER: Expected = "13 33 3 33+ 3 3 33";
    pub const FUND_READERS: Expected = "13 33 3 +++ 3 3 3+";
}

/// Reviews, on `{reviewed}` under review, whose `{review}` is the reviewer's, free of conflicts.
#[rustfmt::skip]
const REVIEWS: &[Case] = &[
    get("list_funding_reviews", "/v1/funding-requests/{reviewed}/reviews", "14 33 3 ++3 + 4 3+"),
    post("assign_reviewer", "/v1/funding-requests/{reviewed}/reviews", expected::FUND_OFFICER),
    get("list_my_funding_reviews", "/v1/funding-reviews", expected::REVIEWER),
    get("get_funding_review", "/v1/funding-reviews/{review}", "14 44 4 ++4 + 4 4+"),
    get("get_funding_review_actions", "/v1/funding-reviews/{review}/actions", "14 44 4 ++4 + 4 4+"),
    patch("update_funding_review", "/v1/funding-reviews/{review}", expected::AUTHOR),
    act_on("transition_funding_review.declare", "/v1/funding-reviews/{review}/transitions", r#"{"action": "declare"}"#, expected::AUTHOR),
    act_on("transition_funding_review.recuse", "/v1/funding-reviews/{review}/transitions", r#"{"action": "recuse", "reason": "x"}"#, expected::AUTHOR),
    act_on("transition_funding_review.submit", "/v1/funding-reviews/{review}/transitions", r#"{"action": "submit"}"#, expected::AUTHOR),
    act_on("transition_funding_review.replace", "/v1/funding-reviews/{review}/transitions", r#"{"action": "replace", "reason": "x", "reviewer_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "due_on": "2026-08-31"}"#, "14 44 4 +34 3 4 43"),
    get("list_reviewers", "/v1/reviewers", expected::FUND_OFFICER),
    // The team's line opens with the release of the results: see `reviews.rs`.
    get("get_review_summary.staff", "/v1/funding-requests/{reviewed}/review-summary", "14 33 3 +++ 3 4 3+"),
    get("get_review_summary.team", "/v1/funding-requests/{reviewed}/review-summary", "14 33 3 +++ 3 4 3+"),
];

#[rustfmt::skip]
const AWARDS: &[Case] = &[
    post("recommend_funding_request", "/v1/funding-requests/{reviewed}/recommendation", expected::FUND_OFFICER),
    act_on("decide_funding_request.award", "/v1/funding-requests/{reviewed}/decisions", r#"{"decision": "award"}"#, expected::FUND_APPROVER),
    act_on("decide_funding_request.decline", "/v1/funding-requests/{reviewed}/decisions", r#"{"decision": "decline", "reason": "x"}"#, expected::FUND_APPROVER),
    act_on("decide_funding_request.waitlist", "/v1/funding-requests/{reviewed}/decisions", r#"{"decision": "waitlist", "reason": "x"}"#, expected::FUND_APPROVER),
    order("lapse_funding_request", "/v1/funding-requests/{reviewed}/lapse", expected::FUND_OFFICER),
    get("list_funding_decisions", "/v1/funding-requests/{reviewed}/decisions", expected::FUND_READERS),
];

#[rustfmt::skip]
const TASKS: &[Case] = &[
    get("list_my_tasks", "/v1/me/tasks", expected::LOGGED_IN),
];

/// What the pilot's team and staff see of an agreement, and who of them does what.
const AGREEMENT: Expected = "14 ++ + +++ 4 4 ++";
const ITS_TEAM: Expected = "14 ++ 3 333 4 4 33";
const ITS_OWNER: Expected = "14 3+ 3 333 4 4 33";
const ITS_OFFICER: Expected = "14 33 3 +33 4 4 33";
const ITS_APPROVER: Expected = "14 33 3 3+3 4 4 33";

/// `{signed}` is a request of the same pilot, its agreement signed and its results released; `{tranche}` and `{report}` are
/// of it.
#[rustfmt::skip]
const TRANCHES: &[Case] = &[
    post("add_attachment.funding_request", "/v1/attachments?parent_kind=funding_request&parent_id={signed}", "14 ++ 3 +33 4 4 33"),
    post("set_tranche_plan", "/v1/funding-requests/{signed}/tranches", expected::FUND_OFFICER),
    get("list_tranches", "/v1/funding-requests/{signed}/tranches", AGREEMENT),
    post("sign_agreement.owner", "/v1/funding-requests/{signed}/agreement-signatures", "14 3+ 3 +33 4 4 33"),
    post("sign_agreement.officer", "/v1/funding-requests/{signed}/agreement-signatures", "14 3+ 3 +33 4 4 33"),
    get("get_tranche", "/v1/tranches/{tranche}", AGREEMENT),
    get("get_tranche_actions", "/v1/tranches/{tranche}/actions", AGREEMENT),
    get("list_tranche_transitions", "/v1/tranches/{tranche}/transitions", AGREEMENT),
    act_on("transition_tranche.request", "/v1/tranches/{tranche}/transitions", r#"{"action": "request"}"#, ITS_OWNER),
    act_on("transition_tranche.approve", "/v1/tranches/{tranche}/transitions", r#"{"action": "approve"}"#, ITS_APPROVER),
    act_on("transition_tranche.withhold", "/v1/tranches/{tranche}/transitions", r#"{"action": "withhold", "reason": "x"}"#, ITS_APPROVER),
    act_on("transition_tranche.release", "/v1/tranches/{tranche}/transitions", r#"{"action": "release", "reason": "x"}"#, ITS_APPROVER),
    act_on("transition_tranche.cancel", "/v1/tranches/{tranche}/transitions", r#"{"action": "cancel", "reason": "x"}"#, ITS_APPROVER),
    post("disburse_tranche", "/v1/tranches/{tranche}/disbursement", expected::FINANCE_OFFICER),
    post("record_payment_failure", "/v1/tranches/{tranche}/payment-failure", expected::FINANCE_OFFICER),
    post("refund_tranche", "/v1/tranches/{tranche}/refunds", expected::FINANCE_OFFICER),
    post("terminate_funding_request", "/v1/funding-requests/{signed}/termination", expected::FUND_APPROVER),
    order("close_funding_request", "/v1/funding-requests/{signed}/closure", expected::FINANCE_OFFICER),
    get("list_expenditure_reports", "/v1/funding-requests/{signed}/expenditure-reports", AGREEMENT),
    post("create_expenditure_report", "/v1/tranches/{tranche}/expenditure-reports", ITS_TEAM),
    get("get_expenditure_report", "/v1/expenditure-reports/{report}", AGREEMENT),
    get("get_expenditure_report_actions", "/v1/expenditure-reports/{report}/actions", AGREEMENT),
    patch("update_expenditure_report", "/v1/expenditure-reports/{report}", ITS_TEAM),
    delete("delete_expenditure_report", "/v1/expenditure-reports/{report}", ITS_TEAM),
    act_on("transition_expenditure_report.submit", "/v1/expenditure-reports/{report}/transitions", r#"{"action": "submit"}"#, ITS_OWNER),
    act_on("transition_expenditure_report.check", "/v1/expenditure-reports/{report}/transitions", r#"{"action": "check"}"#, ITS_OFFICER),
    act_on("transition_expenditure_report.accept", "/v1/expenditure-reports/{report}/transitions", r#"{"action": "accept", "accepted_amount": {"amount": "1.00", "currency": "BDT"}}"#, "14 33 3 33+ 4 4 33"),
    act_on("transition_expenditure_report.return", "/v1/expenditure-reports/{report}/transitions", r#"{"action": "return", "reason": "x"}"#, "14 33 3 +3+ 4 4 33"),
    act_on("transition_expenditure_report.dispute", "/v1/expenditure-reports/{report}/transitions", r#"{"action": "dispute", "reason": "x"}"#, "14 33 3 +3+ 4 4 33"),
];

/// One list a subject.
const SUBJECTS: &[&[Case]] = &[REVIEWS, AWARDS, TRANCHES, TASKS];

/// Every case, those of the other stages too.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    SUBJECTS.iter().chain(books::SUBJECTS).chain(requests::SUBJECTS).copied().flatten()
}

/// Everyone and everything that the cases speak of.
async fn stage(app: &App) -> Stage {
    let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
    let request = scene.requests[0].clone();
    let pilot = again(&scene.owner, &format!("/v1/pilots/{}", request["pilot_id"].as_str().unwrap())).await;
    let nobody = app.person("Nobody", &[], app.people.land_office).await;
    let member = app.person("Member", &[], app.people.land_office).await;
    join(&scene.owner, &pilot, &member, "member").await;
    let [review, _] = scene.under_review(&request).await;
    step(&scene.reviewers[0], &review_path(&review), json!({"action": "declare"})).await;
    let (stranger, admin, auditor) = (app.stranger().await, app.admin().await, app.auditor().await);
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let [signed, tranche, report] = app.signed_beside(&request, &scene.owner).await;
    let places = vec![
        ("{reviewed}", id(&request)),
        ("{review}", id(&review)),
        ("{signed}", signed),
        ("{tranche}", tranche),
        ("{report}", report),
    ];
    let Scene { owner, officer, fund_officer, fund_approver, finance_officer, reviewers: [reviewer, _], .. } = scene;
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
