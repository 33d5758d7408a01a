//! The people, two funds with three rounds, and a request of each of three pilots in each round, before the panel.

use serde_json::{Value, json};

use super::model::{FUND_OF, Model, PILOTS, REQUESTED, TWO_ABOVE};
use crate::support::{App, Client, builders::*, funding_funds::*, funding_reviews::*, people::Person};

pub struct World<'a> {
    pub app: &'a App,
    pub officer: Person,
    pub fund_officer: Person,
    pub approvers: [Person; 2],
    pub finance: Person,
    pub owner: Person,
    /// The owner, a reviewer, a stranger, an auditor: none of them decides or pays.
    pub others: Vec<Person>,
    pub funds: Vec<String>,
    pub rounds: Vec<String>,
    pub meetings: Vec<Value>,
    pub pilots: Vec<String>,
    pub requests: Vec<String>,
    /// The files that were attached as agreements, by request.
    pub agreements: Vec<Option<Value>>,
    pub model: Model,
    /// The last request that moved money: who, path, version, key, body, answer.
    pub last: Option<(Client, String, String, String, Option<Value>, Value)>,
}

pub fn poisha(amount: i64) -> Value {
    taka(&format!("{}.{:02}", amount / 100, amount % 100))
}

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

pub async fn world(app: &App) -> World<'_> {
    let (fund_officer, finance, officer) = (app.fund_officer().await, app.finance_officer().await, app.officer().await);
    let approvers = [app.fund_approver().await, app.second_fund_approver().await];
    let (owner, deputy) = (app.owner().await, app.deputy().await);
    let reviewer = app.reviewer("Reviewer").await;
    let others = vec![owner.clone(), reviewer.clone(), app.stranger().await, app.auditor().await];
    let mut pilots = Vec::new();
    for _ in 0..PILOTS {
        pilots.push(app.at_gate_one(&owner, Some(&deputy), &officer).await);
    }
    let funds = [app.fund(&fund_officer).await, app.fund(&fund_officer).await];
    let mut rounds = Vec::new();
    for fund in FUND_OF {
        let mut content = round_content(app);
        content["two_approvers_above"] = poisha(TWO_ABOVE);
        content["largest_award"] = poisha(REQUESTED);
        content["minimum_reviewers"] = json!(1);
        content["panel_quorum"] = json!(1);
        content["eligibility_rules"] = json!([]);
        let round = app.round_with(&fund_officer, &funds[fund], content).await;
        rounds.push(step(&fund_officer, &round_path(&round), json!({"action": "open"})).await);
    }
    let mut requests = Vec::new();
    let asked = poisha(REQUESTED);
    for round in &rounds {
        for pilot in &pilots {
            requests.push(handed_in(&owner, pilot, round, asked["amount"].as_str().unwrap()).await);
        }
    }
    let mut meetings = Vec::new();
    for round in &rounds {
        app.decide_round(&fund_officer, round).await;
        meetings.push(app.panel_meeting(&fund_officer, round, vec![json!(reviewer.id)]).await["id"].clone());
    }
    for request in &requests {
        step(&fund_officer, &request_path(request), json!({"action": "start_eligibility"})).await;
        let assigned = assign(&fund_officer, request, &reviewer).await.expect(201);
        step(&fund_officer, &request_path(request), json!({"action": "start_review"})).await;
        review(&reviewer, &assigned, Some(4), Some(3)).await;
        step(&fund_officer, &request_path(request), json!({"action": "start_panel"})).await;
    }
    World {
        app,
        officer,
        fund_officer,
        approvers,
        finance,
        owner,
        others,
        funds: funds.iter().map(id).collect(),
        rounds: rounds.iter().map(id).collect(),
        meetings,
        pilots: pilots.iter().map(id).collect(),
        agreements: vec![None; requests.len()],
        requests: requests.iter().map(id).collect(),
        model: Model::new(),
        last: None,
    }
}

impl World<'_> {
    /// A month passes, and everyone logs in again. What was done then is forgotten: so long no key is kept.
    pub async fn later(&mut self) {
        use diesel::{ExpressionMethods, RunQueryDsl};
        use innovation_pilots::platform::db::schema::sessions;
        self.app.advance(chrono::Duration::days(31));
        let now = self.app.state.clock.now();
        let log_in = move |connection: &mut innovation_pilots::platform::db::DbConnection| {
            Ok(diesel::update(sessions::table).set(sessions::authenticated_at.eq(now)).execute(connection)?)
        };
        self.app.state.db.write(log_in).await.unwrap();
        let single = [&mut self.officer, &mut self.fund_officer, &mut self.finance, &mut self.owner];
        for person in single.into_iter().chain(&mut self.approvers).chain(&mut self.others) {
            self.app.state.sessions.forget(&[person.session]);
            *person = self.app.renewed(person).await;
        }
        self.last = None;
    }
}
