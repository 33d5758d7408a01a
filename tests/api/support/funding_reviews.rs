//! Requests under review, before the panel and decided, brought there by the people of the fund.

use serde_json::{Value, json};

use super::{App, Client, Response, builders::*, funding_funds::*, people::Person};

/// The people of a round, and the round itself.
pub struct Scene {
    pub fund_officer: Person,
    pub finance_officer: Person,
    pub fund_approver: Person,
    pub owner: Person,
    pub officer: Person,
    pub reviewers: [Person; 2],
    pub round: Value,
    /// Each of a pilot of its own, in `eligibility` with every rule met.
    pub requests: Vec<Value>,
}

pub fn request_path(request: &Value) -> String {
    format!("/v1/funding-requests/{}", request["id"].as_str().unwrap())
}

pub fn review_path(review: &Value) -> String {
    format!("/v1/funding-reviews/{}", review["id"].as_str().unwrap())
}

/// Where reviewers are told to be done by.
pub const DUE_ON: &str = "2026-08-31";

impl App {
    /// A round with so much money that has begun to decide, and one request for each of these amounts.
    pub async fn funding_scene(&self, available: &str, amounts: &[&str]) -> Scene {
        let (fund_officer, finance_officer) = (self.fund_officer().await, self.finance_officer().await);
        let (fund_approver, owner, officer) = (self.fund_approver().await, self.owner().await, self.officer().await);
        let reviewers = [self.reviewer("First Reviewer").await, self.reviewer("Second Reviewer").await];
        let round = self.open_round(&fund_officer, &finance_officer, &fund_approver, available).await;
        let mut requests = Vec::new();
        for amount in amounts {
            let pilot = self.design(&owner, &officer).await;
            self.planned(&owner, &pilot).await;
            requests.push(handed_in(&owner, &pilot, &round, amount).await);
        }
        let round = self.decide_round(&fund_officer, &round).await;
        for request in &requests {
            checked(&fund_officer, request).await;
        }
        Scene { fund_officer, finance_officer, fund_approver, owner, officer, reviewers, round, requests }
    }
}

/// A request for an open round, handed in.
pub async fn handed_in(owner: &Client, pilot: &Value, round: &Value, amount: &str) -> Value {
    let body = json!({
        "round_id": round["id"], "requested": taka(amount), "purpose": {"en": "Three camps"},
        "budget_lines": [{"head": "transport", "description": "Boats", "amount": taka(amount)}], "co_funding": []
    });
    let draft = owner.post(format!("{}/funding-requests", path(pilot))).json(body).send().await.expect(201);
    step(owner, &request_path(&draft), json!({"action": "submit"})).await
}

/// Takes a request up and finds that it meets the rule of the round.
pub async fn checked(fund_officer: &Client, request: &Value) {
    step(fund_officer, &request_path(request), json!({"action": "start_eligibility"})).await;
    let results = json!([{"rule": "public_service", "is_met": true, "reason": {"en": "It is one."}}]);
    let checks = format!("{}/eligibility-checks", request_path(request));
    fund_officer.post(checks).json(json!({"results": results})).send().await.expect(201);
}

/// Tries to assign a reviewer.
pub async fn assign(fund_officer: &Client, request: &Value, reviewer: &Person) -> Response {
    let body = json!({"reviewer_id": reviewer.id, "due_on": DUE_ON});
    fund_officer.post(format!("{}/reviews", request_path(request))).json(body).send().await
}

/// Declares to be free of conflicts, scores both criteria and hands in.
pub async fn review(reviewer: &Client, review: &Value, impact: Option<i32>, cost: Option<i32>) -> Value {
    step(reviewer, &review_path(review), json!({"action": "declare"})).await;
    let content = json!({
        "scores": [{"criterion": "impact", "score": impact, "comment": "x"}, {"criterion": "cost", "score": cost}],
        "private_comment": "Between us.", "public_comment": "Say how it goes on."
    });
    reviewer.patch(review_path(review)).if_match("*").merge(content).send().await.expect(200);
    step(reviewer, &review_path(review), json!({"action": "submit"})).await
}

impl Scene {
    /// Assigns both reviewers to a request and begins the review.
    pub async fn under_review(&self, request: &Value) -> [Value; 2] {
        let first = assign(&self.fund_officer, request, &self.reviewers[0]).await.expect(201);
        let second = assign(&self.fund_officer, request, &self.reviewers[1]).await.expect(201);
        step(&self.fund_officer, &request_path(request), json!({"action": "start_review"})).await;
        [first, second]
    }

    /// Brings a request before the panel, both reviews in.
    pub async fn before_panel(&self, request: &Value) -> Value {
        let reviews = self.under_review(request).await;
        for (reviewer, assigned) in self.reviewers.iter().zip(&reviews) {
            review(reviewer, assigned, Some(4), Some(3)).await;
        }
        step(&self.fund_officer, &request_path(request), json!({"action": "start_panel"})).await
    }

    /// A meeting with a quorum.
    pub async fn meeting(&self, app: &App) -> Value {
        let attendees = self.reviewers.iter().map(|person| json!(person.id)).collect();
        app.panel_meeting(&self.fund_officer, &self.round, attendees).await
    }

    /// Tries to recommend an amount for a request.
    pub async fn recommend(&self, request: &Value, meeting: &Value, amount: &str) -> Response {
        let present = again(&self.fund_officer, &request_path(request)).await;
        let body = json!({"amount": taka(amount), "panel_meeting_id": meeting["id"], "reason": "Strong."});
        let path = format!("{}/recommendation", request_path(request));
        self.fund_officer.post(path).money(&present).json(body).send().await
    }

    /// Brings a request before the panel and recommends an amount.
    pub async fn recommended(&self, app: &App, request: &Value, amount: &str) -> Value {
        self.before_panel(request).await;
        let meeting = self.meeting(app).await;
        self.recommend(request, &meeting, amount).await.expect(200)
    }

    /// What is free in the round, held and promised.
    pub async fn position(&self) -> [Value; 3] {
        let found = again(&self.fund_officer, &format!("{}/position", round_path(&self.round))).await;
        ["available", "reserved", "committed"].map(|key| found[key]["amount"].clone())
    }
}

/// Tries a decision on a request, at its present version.
pub async fn decide(who: &Person, request: &Value, body: Value) -> Response {
    let present = again(who, &request_path(request)).await;
    who.post(format!("{}/decisions", request_path(request))).money(&present).json(body).send().await
}

/// What waits for someone: kind and record, in order.
pub async fn tasks(who: &Client) -> Vec<(String, String)> {
    let found = who.get("/v1/me/tasks").send().await.expect(200);
    assert_eq!(found["is_complete"], true);
    let text = |task: &Value, key: &str| task[key].as_str().unwrap().to_owned();
    found["items"].as_array().unwrap().iter().map(|task| (text(task, "kind"), text(task, "path"))).collect()
}

/// The codes of everything that is wrong, in the order of the answer.
pub fn codes(problem: &Value) -> Vec<String> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}
