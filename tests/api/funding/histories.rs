//! Random histories: random people give random commands over two funds with a round each. A small model, written from the
//! rules and not from the code, says beforehand what has to be refused; after each command the ledger holds L1 to L6, its
//! replay agrees, every total is the model's, and what was refused has changed nothing.

use std::collections::BTreeMap;

use innovation_pilots::platform::auth::Role;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{App, Client, Response, builders::*, funding_funds::*, people::Person};

/// What a request asks for, in poisha.
const REQUESTED: i64 = 10_000_000;
/// The most that one approver awards alone.
const TWO_ABOVE: i64 = 8_000_000;
const REQUESTS: usize = 4;
const COMMANDS: usize = 70;

/// A command, its amounts as a share of what makes sense and somewhat more.
#[derive(Clone, Debug)]
enum Command {
    Capital {
        fund: usize,
        amount: i64,
    },
    Allocate {
        fund: usize,
        amount: i64,
    },
    Deallocate {
        fund: usize,
        amount: i64,
    },
    Recommend {
        request: usize,
        amount: i64,
    },
    Award {
        request: usize,
        amount: Option<i64>,
        second: bool,
    },
    Decline {
        request: usize,
    },
    Waitlist {
        request: usize,
        amount: i64,
    },
    Withdraw {
        request: usize,
    },
    /// Someone who may not tries what the command of this number does.
    Forbidden {
        request: usize,
        who: usize,
        what: usize,
    },
    /// The last command that moved money comes once more with its key.
    Again,
    /// And with its key and another amount.
    AgainChanged,
}

fn command() -> impl Strategy<Value = Command> {
    let fund = 0..2_usize;
    let request = 0..2 * REQUESTS;
    let amount = 1..12_000_000_i64;
    let award = 5_000_000..10_500_000_i64;
    prop_oneof![
        1 => (fund.clone(), amount.clone()).prop_map(|(fund, amount)| Command::Capital { fund, amount }),
        3 => (fund.clone(), amount.clone()).prop_map(|(fund, amount)| Command::Allocate { fund, amount }),
        2 => (fund, amount.clone()).prop_map(|(fund, amount)| Command::Deallocate { fund, amount }),
        8 => (request.clone(), award.clone()).prop_map(|(request, amount)| Command::Recommend { request, amount }),
        8 => (request.clone(), proptest::option::weighted(0.3, award.clone()), any::<bool>())
            .prop_map(|(request, amount, second)| Command::Award { request, amount, second }),
        2 => request.clone().prop_map(|request| Command::Decline { request }),
        4 => (request.clone(), award).prop_map(|(request, amount)| Command::Waitlist { request, amount }),
        1 => request.clone().prop_map(|request| Command::Withdraw { request }),
        3 => (request, 0..4_usize, 0..3_usize).prop_map(|(request, who, what)| Command::Forbidden { request, who, what }),
        2 => Just(Command::Again),
        1 => Just(Command::AgainChanged),
    ]
}

/// What the model knows of a request.
#[derive(Clone, Debug, Default, PartialEq)]
struct Request {
    status: &'static str,
    recommended: i64,
    reserved: i64,
    committed: i64,
    /// Who approved first, and how much.
    first: Option<(bool, i64)>,
    /// Since which command it waits.
    waits_since: usize,
    /// The approver who let it wait without a recommendation, and so set the amount: they do not decide on it.
    set_by: Option<bool>,
}

/// What it knows of a fund and its only round.
#[derive(Clone, Debug, Default, PartialEq)]
struct Fund {
    capital: i64,
    allocated: i64,
    requests: Vec<Request>,
}

impl Fund {
    fn available(&self) -> i64 {
        self.allocated - self.requests.iter().map(|it| it.reserved + it.committed).sum::<i64>()
    }

    /// Money goes to who waits longest, as far as it suffices for the next.
    fn move_up(&mut self) {
        loop {
            let free = self.available();
            let waiting = self.requests.iter_mut().filter(|it| it.status == "waitlisted");
            let Some(next) = waiting.min_by_key(|it| it.waits_since) else { return };
            if next.recommended > free {
                return;
            }
            (next.status, next.reserved, next.first) = ("recommended", next.recommended, None);
        }
    }
}

/// What the program has to answer.
#[derive(Debug, PartialEq)]
enum Verdict {
    Done,
    Refused,
}

struct World<'a> {
    app: &'a App,
    fund_officer: Person,
    approvers: [Person; 2],
    finance: Person,
    owner: Person,
    /// The owner, a reviewer, a stranger, an auditor: none of them may.
    others: Vec<Person>,
    funds: Vec<Value>,
    rounds: Vec<Value>,
    meetings: Vec<Value>,
    requests: Vec<Value>,
    model: Vec<Fund>,
    /// The last request that moved money: who, path, version, key, body, answer.
    last: Option<(Client, String, String, String, Value, Value)>,
}

fn poisha(amount: i64) -> Value {
    json!({"amount": format!("{}.{:02}", amount / 100, amount % 100), "currency": "BDT"})
}

fn in_poisha(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

impl World<'_> {
    fn at(&self, request: usize) -> (usize, usize, String) {
        let id = self.requests[request]["id"].as_str().unwrap();
        (request / REQUESTS, request % REQUESTS, format!("/v1/funding-requests/{id}"))
    }

    async fn send(&mut self, who: &Client, path: String, record: &Value, body: Value) -> Response {
        let (version, key) = (version(record), uuid::Uuid::now_v7().to_string());
        let answer = who.post(&path).if_match(&version).key(&key).json(body.clone()).send().await;
        if answer.status.is_success() {
            self.last = Some((who.clone(), path, version, key, body, answer.json()));
        }
        answer
    }

    /// Gives a command, and says what the model says of it.
    async fn give(&mut self, command: &Command, count: usize) -> (Verdict, Option<Response>) {
        // Who waits longest is told by the clock.
        self.app.advance(chrono::Duration::seconds(1));
        let mut next = self.model.clone();
        let fund_officer = self.fund_officer.client.clone();
        let approver = |second: bool| self.approvers[usize::from(second)].client.clone();
        let (first_approver, finance) = (approver(false), self.finance.client.clone());
        let (verdict, answer) = match command {
            Command::Capital { fund, amount } => {
                next[*fund].capital += amount;
                let path = fund_path(&self.funds[*fund]);
                let record = again(&finance, &path).await;
                let body = json!({"amount": poisha(*amount), "reason": "Budget."});
                (Verdict::Done, self.send(&finance, format!("{path}/capital"), &record, body).await)
            }
            Command::Allocate { fund, amount } | Command::Deallocate { fund, amount } => {
                let more = matches!(command, Command::Allocate { .. });
                let it = &mut next[*fund];
                it.allocated += if more { *amount } else { -amount };
                let fits = it.allocated <= it.capital && it.available() >= 0;
                if fits && more {
                    it.move_up();
                }
                let path = round_path(&self.rounds[*fund]);
                let record = again(&first_approver, &path).await;
                let body = json!({
                    "direction": if more { "allocate" } else { "deallocate" }, "amount": poisha(*amount), "reason": "Decision."
                });
                let answer = self.send(&first_approver, format!("{path}/allocations"), &record, body).await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Recommend { request, amount } => {
                let (fund, index, path) = self.at(*request);
                let fits = next[fund].requests[index].status == "panel"
                    && *amount <= REQUESTED
                    && *amount <= next[fund].available();
                if fits {
                    let it = &mut next[fund].requests[index];
                    (it.status, it.recommended, it.reserved) = ("recommended", *amount, *amount);
                }
                let record = again(&fund_officer, &path).await;
                let body = json!({"amount": poisha(*amount), "panel_meeting_id": self.meetings[fund]["id"], "reason": "Good."});
                let answer = self.send(&fund_officer, format!("{path}/recommendation"), &record, body).await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Award { request, amount, second } => {
                let (fund, index, path) = self.at(*request);
                let it = &mut next[fund].requests[index];
                let awarded = amount.unwrap_or(it.first.map_or(it.recommended, |(_, amount)| amount));
                let fits = it.status == "recommended"
                    && it.set_by != Some(*second)
                    && awarded <= it.recommended
                    && it.first.is_none_or(|(who, first)| who != *second && first == awarded);
                if fits && awarded > TWO_ABOVE && it.first.is_none() {
                    it.first = Some((*second, awarded));
                } else if fits {
                    (it.status, it.reserved, it.committed) = ("awarded", 0, awarded);
                    next[fund].move_up();
                }
                let who = approver(*second);
                let record = again(&who, &path).await;
                let body = json!({"decision": "award", "amount": amount.map(poisha)});
                let answer = self.send(&who, format!("{path}/decisions"), &record, body).await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Decline { request } => {
                let (fund, index, path) = self.at(*request);
                let it = &mut next[fund].requests[index];
                let fits = ["panel", "recommended", "waitlisted"].contains(&it.status) && it.set_by != Some(false);
                if fits {
                    (it.status, it.reserved) = ("declined", 0);
                    next[fund].move_up();
                }
                let record = again(&first_approver, &path).await;
                let body = json!({"decision": "decline", "reason": "No."});
                let answer = self.send(&first_approver, format!("{path}/decisions"), &record, body).await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Waitlist { request, amount } => {
                let (fund, index, path) = self.at(*request);
                let it = &mut next[fund].requests[index];
                let from_panel = it.status == "panel";
                let fits = from_panel && *amount <= REQUESTED || it.status == "recommended" && it.set_by != Some(false);
                if fits {
                    if from_panel {
                        (it.recommended, it.set_by) = (*amount, Some(false));
                    }
                    (it.status, it.reserved, it.first, it.waits_since) = ("waiting", 0, None, count);
                    // Others may move up by what it held; itself not in the same step.
                    next[fund].move_up();
                    next[fund].requests[index].status = "waitlisted";
                }
                let record = again(&first_approver, &path).await;
                let amount = from_panel.then(|| poisha(*amount));
                let body = json!({"decision": "waitlist", "reason": "Wait.", "amount": amount});
                let answer = self.send(&first_approver, format!("{path}/decisions"), &record, body).await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Withdraw { request } => {
                let (fund, index, path) = self.at(*request);
                let it = &mut next[fund].requests[index];
                // Who waits is not told so before the release, and a withdrawal must not tell it either.
                let fits = ["panel", "recommended"].contains(&it.status);
                if fits {
                    (it.status, it.reserved) = ("withdrawn", 0);
                    next[fund].move_up();
                }
                let body = json!({"action": "withdraw", "reason": "We found other money."});
                let answer = self.owner.post(format!("{path}/transitions")).if_match("*").json(body).send().await;
                (if fits { Verdict::Done } else { Verdict::Refused }, answer)
            }
            Command::Forbidden { request, who, what } => {
                let (fund, _, path) = self.at(*request);
                let record = again(&fund_officer, &path).await;
                let (place, body) = match what {
                    0 => (
                        "recommendation",
                        json!({"amount": poisha(1), "panel_meeting_id": self.meetings[fund]["id"], "reason": "x"}),
                    ),
                    1 => ("decisions", json!({"decision": "award"})),
                    _ => ("lapse", json!({})),
                };
                let who = self.others[*who].client.clone();
                (Verdict::Refused, self.send(&who, format!("{path}/{place}"), &record, body).await)
            }
            Command::Again | Command::AgainChanged => {
                let Some((who, path, version, key, body, first)) = self.last.clone() else {
                    return (Verdict::Refused, None);
                };
                if matches!(command, Command::AgainChanged) {
                    let mut body = body;
                    body["reason"] = json!("Another one.");
                    let answer = who.post(path).if_match(&version).key(&key).json(body).send().await;
                    answer.refused(422, "idempotency_key_reused");
                } else {
                    let answer = who.post(path).if_match(&version).key(&key).json(body).send().await;
                    assert_eq!(answer.header("idempotent-replayed"), Some("true"));
                    assert_eq!(answer.json(), first);
                }
                return (Verdict::Refused, None);
            }
        };
        if verdict == Verdict::Done {
            self.model = next;
        }
        (verdict, Some(answer))
    }

    /// The whole state is the model's, the replay agrees, nothing is below zero.
    async fn check(&self, after: &str) {
        for (index, fund) in self.model.iter().enumerate() {
            let reader = &self.fund_officer;
            let replay = again(reader, &format!("{}/reconciliation", fund_path(&self.funds[index]))).await;
            assert_eq!(replay["agrees"], true, "{after}: {replay}");
            let position = again(reader, &format!("{}/position", round_path(&self.rounds[index]))).await;
            let reserved: i64 = fund.requests.iter().map(|it| it.reserved).sum();
            let committed: i64 = fund.requests.iter().map(|it| it.committed).sum();
            let shown = ["allocated", "reserved", "committed", "available"].map(|name| in_poisha(&position[name]));
            assert_eq!(shown, [fund.allocated, reserved, committed, fund.available()], "{after}: {fund:#?}");
            let position = again(reader, &format!("{}/position", fund_path(&self.funds[index]))).await;
            assert_eq!(in_poisha(&position["capital"]), fund.capital, "{after}");
            for (place, request) in fund.requests.iter().enumerate() {
                let shown = again(reader, &self.at(index * REQUESTS + place).2).await;
                assert_eq!(shown["status"], request.status, "{after}: {request:?}");
            }
        }
    }

    async fn lines(&self) -> i64 {
        let mut lines = 0;
        for fund in &self.funds {
            let path = format!("{}/ledger?include_total=true&limit=1", fund_path(fund));
            lines += again(&self.fund_officer, &path).await["total"]["value"].as_i64().unwrap();
        }
        lines
    }
}

/// Two funds with a round each, and requests before their panels.
async fn world(app: &App) -> World<'_> {
    let fund_officer = app.fund_officer().await;
    let approvers = [app.fund_approver().await, app.second_fund_approver().await];
    let (finance, owner, officer) = (app.finance_officer().await, app.owner().await, app.officer().await);
    let reviewer = app.reviewer("Reviewer").await;
    let stranger = app.person("Stranger", &[Role::Innovator, Role::FinanceOfficer], app.people.land_office).await;
    let others = vec![owner.clone(), reviewer.clone(), stranger, app.auditor().await];
    let (mut funds, mut rounds, mut meetings, mut requests) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let pilots = {
        let mut pilots = Vec::new();
        for _ in 0..REQUESTS {
            let pilot = app.design(&owner, &officer).await;
            let plan =
                owner.post(format!("{}/plans", path(&pilot))).json(plan_content(&owner)).send().await.expect(201);
            step(&owner, &plan_path(&plan), json!({"action": "submit"})).await;
            pilots.push(pilot);
        }
        pilots
    };
    for _ in 0..2 {
        let fund = app.fund(&fund_officer).await;
        let mut content = round_content(app);
        content["two_approvers_above"] = poisha(TWO_ABOVE);
        content["largest_award"] = poisha(REQUESTED);
        content["minimum_reviewers"] = json!(1);
        content["panel_quorum"] = json!(1);
        content["eligibility_rules"] = json!([]);
        let round = app.round_with(&fund_officer, &fund, content).await;
        let round = step(&fund_officer, &round_path(&round), json!({"action": "open"})).await;
        funds.push(fund);
        rounds.push(round);
    }
    for round in &rounds {
        for pilot in &pilots {
            let asked = json!({
                "round_id": round["id"], "requested": poisha(REQUESTED), "purpose": {"en": "Camps."},
                "budget_lines": [{"head": "transport", "description": "Boats", "amount": poisha(REQUESTED)}]
            });
            let place = format!("{}/funding-requests", path(pilot));
            let request = owner.post(place).json(asked).send().await.expect(201);
            let place = format!("/v1/funding-requests/{}", request["id"].as_str().unwrap());
            step(&owner, &place, json!({"action": "submit"})).await;
            requests.push(request);
        }
    }
    let attendee = json!(reviewer.id);
    for round in &rounds {
        app.decide_round(&fund_officer, round).await;
        meetings.push(app.panel_meeting(&fund_officer, round, vec![attendee.clone()]).await);
    }
    let due_on = app.state.clock.now().day_in_dhaka();
    for request in &requests {
        let place = format!("/v1/funding-requests/{}", request["id"].as_str().unwrap());
        step(&fund_officer, &place, json!({"action": "start_eligibility"})).await;
        fund_officer.post(format!("{place}/eligibility-checks")).json(json!({"results": []})).send().await.expect(201);
        let body = json!({"reviewer_id": reviewer.id, "due_on": due_on});
        let review = fund_officer.post(format!("{place}/reviews")).json(body).send().await.expect(201);
        step(&fund_officer, &place, json!({"action": "start_review"})).await;
        let at = format!("/v1/funding-reviews/{}", review["id"].as_str().unwrap());
        step(&reviewer, &at, json!({"action": "declare"})).await;
        let scores = json!({"scores": [{"criterion": "impact", "score": 4}, {"criterion": "cost", "score": 3}]});
        reviewer.patch(&at).if_match("*").merge(scores).send().await.expect(200);
        step(&reviewer, &at, json!({"action": "submit"})).await;
        step(&fund_officer, &place, json!({"action": "start_panel"})).await;
    }
    let blank = Request { status: "panel", ..Request::default() };
    let model = vec![Fund { requests: vec![blank; REQUESTS], ..Fund::default() }; 2];
    World { app, fund_officer, approvers, finance, owner, others, funds, rounds, meetings, requests, model, last: None }
}

/// One history; the seed is fixed, so that a failure comes again.
async fn play(app: &App, seed: u8) {
    let mut world = world(app).await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let commands = proptest::collection::vec(command(), COMMANDS);
    let mut history = vec![
        Command::Capital { fund: 0, amount: 40_000_000 },
        Command::Capital { fund: 1, amount: 20_000_000 },
        Command::Allocate { fund: 0, amount: 18_000_000 },
        Command::Allocate { fund: 1, amount: 9_000_000 },
    ];
    history.extend(commands.new_tree(&mut runner).unwrap().current());
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    for (count, command) in history.iter().enumerate() {
        let before = world.lines().await;
        let (verdict, answer) = world.give(command, count).await;
        let what = format!("seed {seed}, command {count}: {command:?}");
        if let Some(answer) = answer {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            assert_eq!(answer.status.is_success(), verdict == Verdict::Done, "{what}: {} {body}", answer.status);
            assert!(answer.status.as_u16() < 500, "{what}: {body}");
        }
        if verdict == Verdict::Refused {
            assert_eq!(world.lines().await, before, "{what} was refused and wrote to the ledger");
        }
        world.check(&what).await;
        *met.entry(if verdict == Verdict::Done { "done" } else { "refused" }).or_default() += 1;
    }
    assert!(met["done"] > 15 && met["refused"] > 15, "a history in which little happens: {met:?}");
}

on_both_engines! {
    async fn a_history_of_decisions_is_what_the_model_says(app: App) {
        play(&app, 7).await;
    }

    async fn another_one(app: App) {
        play(&app, 42).await;
    }

    async fn and_a_third(app: App) {
        play(&app, 99).await;
    }
}
