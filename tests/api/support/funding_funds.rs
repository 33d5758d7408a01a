//! Funds and rounds, brought to a state by the people of the fund.

use chrono::Duration;
use innovation_pilots::platform::clock::Timestamp;
use serde_json::{Value, json};

use super::{App, Client, builders::step};

/// Taka.
pub fn taka(amount: &str) -> Value {
    json!({"amount": amount, "currency": "BDT"})
}

pub fn fund_path(fund: &Value) -> String {
    format!("/v1/funds/{}", fund["id"].as_str().unwrap())
}

pub fn round_path(round: &Value) -> String {
    format!("/v1/funding-rounds/{}", round["id"].as_str().unwrap())
}

/// A record as it is now.
pub async fn again(who: &Client, path: &str) -> Value {
    who.get(path).send().await.expect(200)
}

/// Lets a test wait less than its people stay logged in.
const OPEN_FOR: Duration = Duration::minutes(5);

/// A round that takes requests from now on for five minutes, sealed, with two criteria and one rule that an officer checks;
/// two reviewers, two of the panel, from 50,000 to 500,000 taka, two approvers above 300,000, results on the same day.
pub fn round_content(app: &App) -> Value {
    let now = app.state.clock.now();
    let anchors = json!([
        {"score": 1, "meaning": {"bn": "সামান্য", "en": "Little"}}, {"score": 3, "meaning": {"en": "Some"}},
        {"score": 5, "meaning": {"bn": "অনেক", "en": "Much"}}
    ]);
    json!({
        "theme": {"bn": "কাছের সেবা", "en": "Services close by"}, "description": {"en": "For upazila offices."},
        "opens_at": now, "closes_at": now.plus(OPEN_FOR), "is_sealed": true,
        "smallest_award": taka("50000.00"), "largest_award": taka("500000.00"), "two_approvers_above": taka("300000.00"),
        "minimum_reviewers": 2, "panel_quorum": 2, "spread_threshold_percent": "25.00",
        "rubric": [
            {"code": "impact", "title": {"en": "Benefit to citizens"}, "weight": 60, "anchors": anchors},
            {"code": "cost", "title": {"bn": "ব্যয়"}, "weight": 40, "anchors": anchors}
        ],
        "eligibility_rules": [
            {"code": "public_service", "kind": "manual", "statement": {"en": "It is about a public service."}}
        ],
        "minimum_utilisation": 75, "most_tranches": 4, "agreement_within_days": 30, "release_on": now.day_in_dhaka()
    })
}

impl App {
    /// A fund without capital.
    pub async fn fund(&self, fund_officer: &Client) -> Value {
        let content = json!({"name": {"bn": "সার্ভিস ইনোভেশন ফান্ড", "en": "Service Innovation Fund"}});
        fund_officer.post("/v1/funds").json(content).send().await.expect(201)
    }

    /// Puts capital into a fund, and gives the fund as it is then.
    pub async fn capital(&self, finance_officer: &Client, fund: &Value, amount: &str) -> Value {
        let path = fund_path(fund);
        let present = again(finance_officer, &path).await;
        let body = json!({"amount": taka(amount), "reason": "Budget of 2026-27."});
        finance_officer.post(format!("{path}/capital")).money(&present).json(body).send().await.expect(201);
        again(finance_officer, &path).await
    }

    /// A round that is announced, with this content.
    pub async fn round_with(&self, fund_officer: &Client, fund: &Value, content: Value) -> Value {
        fund_officer.post(format!("{}/rounds", fund_path(fund))).json(content).send().await.expect(201)
    }

    /// Allocates money to a round, and gives the round as it is then.
    pub async fn allocate(&self, fund_approver: &Client, round: &Value, amount: &str) -> Value {
        let path = round_path(round);
        let present = again(fund_approver, &path).await;
        let body = json!({"direction": "allocate", "amount": taka(amount), "reason": "Decision of the board."});
        fund_approver.post(format!("{path}/allocations")).money(&present).json(body).send().await.expect(201);
        again(fund_approver, &path).await
    }

    /// A round of [`round_content`] that takes requests, with so much money, of a new fund that has 5,000,000 taka.
    pub async fn open_round(
        &self,
        fund_officer: &Client,
        finance_officer: &Client,
        fund_approver: &Client,
        amount: &str,
    ) -> Value {
        let fund = self.fund(fund_officer).await;
        self.capital(finance_officer, &fund, "5000000.00").await;
        let round = self.round_with(fund_officer, &fund, round_content(self)).await;
        self.allocate(fund_approver, &round, amount).await;
        step(fund_officer, &round_path(&round), json!({"action": "open"})).await
    }

    /// Waits until an open round's time is over, closes it and begins to decide.
    pub async fn decide_round(&self, fund_officer: &Client, round: &Value) -> Value {
        let closes = Timestamp::parse(round["closes_at"].as_str().unwrap()).unwrap();
        self.advance(Duration::milliseconds((closes.millis() - self.state.clock.now().millis()).max(0)));
        step(fund_officer, &round_path(round), json!({"action": "close"})).await;
        step(fund_officer, &round_path(round), json!({"action": "start_deciding"})).await
    }

    /// Says that all is decided, and releases the results.
    pub async fn release_round(&self, fund_officer: &Client, round: &Value) -> Value {
        let path = round_path(round);
        step(fund_officer, &path, json!({"action": "finish_deciding"})).await;
        fund_officer.post(format!("{path}/release")).if_match("*").send().await.expect(200)
    }

    /// A meeting of the panel of a round, held today.
    pub async fn panel_meeting(&self, fund_officer: &Client, round: &Value, attendees: Vec<Value>) -> Value {
        let body = json!({
            "held_on": self.state.clock.now().day_in_dhaka(), "attendees": attendees, "minutes": {"en": "All were discussed."}
        });
        fund_officer.post(format!("{}/panel-meetings", round_path(round))).json(body).send().await.expect(201)
    }
}
