//! The commands as requests.

use serde_json::{Value, json};

use super::{
    books::Books,
    commands::{Command, Pay, Step, Turn},
    model::round_of,
    world::{World, poisha},
};
use crate::support::{Client, Response, funding_tranches::*};

impl World<'_> {
    /// What has to be there beforehand and moves nothing: the file to sign, the draft of a report.
    pub async fn prepare(&mut self, command: &Command, books: &Books) {
        match *command {
            Command::Request(at, Step::Sign { .. }) if self.agreements[at].is_none() => {
                let file = attach(&self.fund_officer, "funding_request", &json!({"id": self.requests[at]})).await;
                self.agreements[at] = file.status.is_success().then(|| file.json());
            }
            Command::Tranche(at, place, Pay::Report(total)) => {
                let tranche = books.tranche(&self.requests[at], place).unwrap();
                if books.status(tranche) == "disbursed" {
                    self.draft(books, tranche, total).await;
                }
            }
            _ => {}
        }
    }

    /// A report on a tranche with one line and its voucher, or the one that is there with this line.
    async fn draft(&self, books: &Books, tranche: &str, total: i64) {
        let report = match books.reports.get(tranche) {
            Some((report, _)) => json!({"id": report}),
            None => {
                let place = format!("/v1/tranches/{tranche}/expenditure-reports");
                self.owner.post(place).json(json!({"lines": []})).send().await.expect(201)
            }
        };
        let voucher = attach(&self.owner, "expenditure_report", &report).await.expect(201);
        let amount = poisha(total)["amount"].as_str().unwrap().to_owned();
        let lines = if total == 0 { json!([]) } else { json!([line(self.app, &amount, &voucher)]) };
        let edit = self.owner.patch(report_path(&report)).if_match("*").merge(json!({"lines": lines}));
        edit.send().await.expect(200);
    }

    /// Gives a command; nothing is answered where nobody was asked.
    pub async fn give(&mut self, command: &Command, books: &Books) -> Option<Response> {
        let answer = match *command {
            Command::Capital { fund, amount } => {
                let body = json!({"amount": poisha(amount), "reason": "Budget."});
                let id = self.funds[fund].clone();
                self.money(self.finance.client.clone(), "funds", &id, "capital", Some(body), books).await
            }
            Command::Allocate { round, amount } => self.allocate(round, "allocate", amount, books).await,
            Command::Deallocate { round, amount } => self.allocate(round, "deallocate", amount, books).await,
            Command::Release { round } => {
                let path = format!("/v1/funding-rounds/{}", self.rounds[round]);
                act(&self.fund_officer, &path, json!({"action": "finish_deciding"})).await;
                self.fund_officer.post(format!("{path}/release")).if_match("*").send().await
            }
            Command::Request(at, step) => self.step(at, step, books).await,
            Command::Tranche(at, place, pay) => self.pay(at, place, pay, books).await,
            Command::Pilot(pilot, turn) => self.turn(pilot, turn).await,
            Command::Later => {
                self.later().await;
                return None;
            }
            Command::Forbidden { request, who, what } => self.forbidden(request, who, what, books).await,
            Command::Again | Command::AgainChanged => {
                self.again(matches!(command, Command::AgainChanged)).await;
                return None;
            }
            Command::Next(..) => panic!("not made out"),
        };
        Some(answer)
    }

    /// A step with money names the version that it means, and has a key.
    async fn money(
        &mut self,
        who: Client,
        kind: &str,
        id: &str,
        step: &str,
        body: Option<Value>,
        books: &Books,
    ) -> Response {
        let (path, version) = (format!("/v1/{kind}/{id}/{step}"), books.version(id));
        let key = uuid::Uuid::now_v7().to_string();
        let request = who.post(&path).if_match(&version).key(&key);
        let answer = with(request, body.clone()).send().await;
        if answer.status.is_success() {
            self.last = Some((who, path, version, key, body, answer.json()));
        }
        answer
    }

    async fn allocate(&mut self, round: usize, direction: &str, amount: i64, books: &Books) -> Response {
        let body = json!({"direction": direction, "amount": poisha(amount), "reason": "Decision."});
        let id = self.rounds[round].clone();
        self.money(self.approvers[0].client.clone(), "funding-rounds", &id, "allocations", Some(body), books).await
    }

    async fn step(&mut self, at: usize, step: Step, books: &Books) -> Response {
        let id = self.requests[at].clone();
        let path = format!("/v1/funding-requests/{id}");
        let [first, second] = self.approvers.clone().map(|person| person.client);
        let (officer, finance, owner) = (&self.fund_officer, &self.finance, &self.owner);
        let (who, place, body) = match step {
            Step::Recommend(amount) => {
                let meeting = &self.meetings[round_of(at)];
                let body = json!({"amount": poisha(amount), "panel_meeting_id": meeting, "reason": "Good."});
                (officer.client.clone(), "recommendation", Some(body))
            }
            Step::Award { amount, second: is_second } => {
                let body = json!({"decision": "award", "amount": amount.map(poisha)});
                (if is_second { second } else { first }, "decisions", Some(body))
            }
            Step::Decline => (first, "decisions", Some(json!({"decision": "decline", "reason": "No."}))),
            Step::Waitlist(amount) => {
                let mut body = json!({"decision": "waitlist", "reason": "Wait."});
                if books.status(&id) == "panel" {
                    (body["amount"], body["panel_meeting_id"]) = (poisha(amount), json!(self.meetings[round_of(at)]));
                }
                (first, "decisions", Some(body))
            }
            Step::Lapse => (officer.client.clone(), "lapse", None),
            Step::Terminate => (second, "termination", Some(json!({"reason": "The office is gone."}))),
            Step::Close => (finance.client.clone(), "closure", None),
            Step::Plan { parts, off } => {
                let part = books.awarded[&id].max(parts) / parts;
                let mut amounts = vec![part; usize::try_from(parts - 1).unwrap()];
                amounts.push(books.awarded[&id] - part * (parts - 1) + off);
                let one = |amount: i64| json!({"amount": poisha(amount.max(1)), "planned_on": "2026-10-01"});
                let plan = json!({"tranches": amounts.into_iter().map(one).collect::<Vec<_>>()});
                return officer.post(format!("{path}/tranches")).if_match("*").json(plan).send().await;
            }
            Step::Sign { owner: by_owner } => {
                let nothing = json!({"id": uuid::Uuid::now_v7().to_string()});
                let file = self.agreements[at].as_ref().unwrap_or(&nothing);
                return sign(if by_owner { owner } else { officer }, &json!({"id": id}), file).await;
            }
            Step::Withdraw => return act(owner, &path, json!({"action": "withdraw", "reason": "Other money."})).await,
            Step::Suspend => return act(&first, &path, json!({"action": "suspend", "reason": "An audit."})).await,
            Step::Resume => return act(&first, &path, json!({"action": "resume", "reason": "It is over."})).await,
            Step::StartClosing => return act(finance, &path, json!({"action": "start_closing"})).await,
        };
        self.money(who, "funding-requests", &id, place, body, books).await
    }

    async fn pay(&mut self, at: usize, place: usize, pay: Pay, books: &Books) -> Response {
        let id = books.tranche(&self.requests[at], place).unwrap().clone();
        let [first, second] = self.approvers.clone().map(|person| person.client);
        let (path, day) = (format!("/v1/tranches/{id}"), self.app.today());
        let report = match books.reports.get(&id) {
            Some((report, _)) => format!("/v1/expenditure-reports/{report}"),
            // There is none: what is asked of it is not found.
            None => format!("/v1/expenditure-reports/{}", uuid::Uuid::now_v7()),
        };
        let (step, body) = match pay {
            Pay::Ask => return act(&self.owner, &path, json!({"action": "request"})).await,
            Pay::Approve { second: is_second } => {
                return act(if is_second { &second } else { &first }, &path, json!({"action": "approve"})).await;
            }
            Pay::Withhold => return act(&first, &path, json!({"action": "withhold", "reason": "Wait."})).await,
            Pay::LetGo => return act(&second, &path, json!({"action": "release", "reason": "Go on."})).await,
            Pay::Cancel => return act(&first, &path, json!({"action": "cancel", "reason": "Not needed."})).await,
            Pay::Report(_) => return act(&self.owner, &report, json!({"action": "submit"})).await,
            Pay::Check => return act(&self.fund_officer, &report, json!({"action": "check"})).await,
            Pay::Accept(amount) => {
                let body = json!({"action": "accept", "accepted_amount": poisha(amount)});
                return act(&self.finance, &report, body).await;
            }
            Pay::Return => return act(&self.finance, &report, json!({"action": "return", "reason": "No."})).await,
            Pay::Dispute => return act(&self.fund_officer, &report, json!({"action": "dispute", "reason": "?"})).await,
            Pay::Disburse => ("disbursement", json!({"payment_reference": "BEFTN-1", "paid_on": day})),
            Pay::Fail => ("payment-failure", json!({"reason": "Wrong account."})),
            Pay::Refund(amount) => {
                ("refunds", json!({"amount": poisha(amount), "payment_reference": "CHALLAN-7", "paid_on": day}))
            }
        };
        self.money(self.finance.client.clone(), "tranches", &id, step, Some(body), books).await
    }

    async fn turn(&self, pilot: usize, turn: Turn) -> Response {
        let path = format!("/v1/pilots/{}", self.pilots[pilot]);
        match turn {
            Turn::PassGateOne => {
                let body = json!({"gate": "execution", "outcome": "pass"});
                self.officer.post(format!("{path}/gate-decisions")).json(body).send().await
            }
            Turn::Hold => {
                let review_on = self.app.state.clock.now().day_in_dhaka() + chrono::Duration::days(30);
                act(&self.officer, &path, json!({"action": "hold", "reason": "Floods", "review_on": review_on})).await
            }
            Turn::Resume => act(&self.officer, &path, json!({"action": "resume"})).await,
            Turn::Discontinue => {
                act(&self.owner, &path, json!({"action": "discontinue", "lessons": "Boats are dear."})).await
            }
            Turn::Withdraw => act(&self.owner, &path, json!({"action": "withdraw", "reason": "No boats."})).await,
        }
    }

    /// Someone who may not; with all else as it has to be.
    async fn forbidden(&mut self, at: usize, who: usize, what: usize, books: &Books) -> Response {
        let (request, who) = (self.requests[at].clone(), self.others[who].client.clone());
        let (reason, day) = (json!({"reason": "x"}), self.app.today());
        let paid = json!({"payment_reference": "x", "paid_on": day});
        let back = json!({"amount": poisha(1), "payment_reference": "x", "paid_on": day});
        let meeting = &self.meetings[round_of(at)];
        let recommend = json!({"amount": poisha(5_000_000), "panel_meeting_id": meeting, "reason": "x"});
        let of_tranche = [("disbursement", paid), ("refunds", back), ("payment-failure", reason.clone())];
        let of_request = [
            ("recommendation", Some(recommend)),
            ("decisions", Some(json!({"decision": "award"}))),
            ("lapse", None),
            ("termination", Some(reason)),
            ("closure", None),
        ];
        let tranche = books.tranche(&request, 0).cloned();
        let answer = match (what.checked_sub(of_request.len()), tranche) {
            (Some(what), Some(tranche)) => {
                let (step, body) = of_tranche[what].clone();
                self.money(who, "tranches", &tranche, step, Some(body), books).await
            }
            _ => {
                let (step, body) = of_request[what % of_request.len()].clone();
                self.money(who, "funding-requests", &request, step, body, books).await
            }
        };
        assert!([403, 404].contains(&answer.status.as_u16()), "{}", String::from_utf8_lossy(&answer.body));
        answer
    }

    /// One key, one effect: the first answer comes again, and another content is refused.
    async fn again(&self, is_changed: bool) {
        let Some((who, path, version, key, body, first)) = self.last.clone() else { return };
        let request = || who.post(&path).if_match(&version).key(&key);
        if !is_changed {
            let answer = with(request(), body).send().await;
            assert_eq!(answer.header("idempotent-replayed"), Some("true"));
            assert_eq!(answer.json(), first);
        } else if let Some(mut body) = body {
            let field = if body["payment_reference"].is_string() { "payment_reference" } else { "reason" };
            body[field] = json!("Another one.");
            request().json(body).send().await.refused(422, "idempotency_key_reused");
        }
    }
}

fn with(request: crate::support::client::Request, body: Option<Value>) -> crate::support::client::Request {
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

async fn act(who: &Client, path: &str, command: Value) -> Response {
    who.post(format!("{path}/transitions")).if_match("*").json(command).send().await
}
