//! Who may do what with money: as `authorization.rs`, with the people of the fund. What is permitted stops at a missing
//! `Content-Type` (415), a missing `If-Match` (428) or a body that cannot be (422).

#[allow(unused_imports, reason = "each subject uses what it needs")]
use crate::authorization::{Case, Expected, Stage, act_on, check, delete, get, order, patch, post};
use crate::support::{App, people::Person};

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
#[allow(dead_code, reason = "subjects come one after the other")]
mod expected {
    use super::Expected;

    pub const ANYONE: Expected = "++ ++ + +++ + + ++";
    pub const FUND_OFFICER: Expected = "13 33 3 +33 3 3 33";
    pub const FUND_APPROVER: Expected = "13 33 3 3+3 3 3 33";
    pub const FINANCE_OFFICER: Expected = "13 33 3 33+ 3 3 33";
    pub const FUND_READERS: Expected = "13 33 3 +++ 3 3 3+";
}

/// One list a subject.
#[rustfmt::skip]
const SUBJECTS: &[&[Case]] = &[];

/// Every case.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    SUBJECTS.iter().copied().flatten()
}

/// Everyone and everything that the cases speak of.
async fn stage(app: &App) -> Stage {
    let nobody = app.person("Nobody", &[], app.people.land_office).await;
    let member = app.person("Member", &[], app.people.land_office).await;
    let (owner, officer) = (app.owner().await, app.officer().await);
    let (fund_officer, fund_approver) = (app.fund_officer().await, app.fund_approver().await);
    let (finance_officer, reviewer) = (app.finance_officer().await, app.reviewer("Reviewer").await);
    let (stranger, admin, auditor) = (app.stranger().await, app.admin().await, app.auditor().await);
    let places = Vec::new();
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
        check(&stage, &PERSONAS, cases()).await;
    }
}
