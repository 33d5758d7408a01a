//! The demo's money: a fund, a round that is decided with awards at several stages, and one that is open.

use std::collections::HashMap;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{
    courier::Courier,
    people::{Account, People},
    story::{id, list, pass},
};

/// Days before the present on which the decided round opened, closed and was decided.
const OPENED: i64 = 160;
const CLOSED: i64 = 135;
const REVIEWED: i64 = 125;
const RELEASED: i64 = 115;
const SIGNED: i64 = 105;
const PAID: i64 = 95;
const REPORTED: i64 = 40;
/// And on which the open one opened.
const SECOND: i64 = 10;

/// What became of a request to the decided round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Ineligible,
    Declined,
    Waitlisted,
    Awarded,
    Signed,
    Active,
}

/// Who asked, for how many taka, and how far it came; in the order of their submits.
const REQUESTS: &[(&str, &str, u32, End)] = &[
    ("birth-certificate-at-clinic", "health-chaugachha", 100_800, End::Active),
    ("land-record-union-desk", "land-savar", 103_200, End::Signed),
    ("hill-tracts-allowance-day", "ac-bandarban", 76_200, End::Awarded),
    ("stipend-complaint-card", "education-tahirpur", 144_000, End::Declined),
    ("fisher-card-camp", "fisheries-charfasson", 260_000, End::Waitlisted),
    ("disability-home-assessment", "social-pirganj", 152_400, End::Ineligible),
];

struct Teller<'a> {
    courier: &'a Courier,
    people: &'a People,
    fund: String,
}

/// Tells it. `pilots` are the identifiers by key.
///
/// # Errors
/// The first request that was refused, and why.
pub async fn tell(courier: &Courier, people: &People, pilots: &HashMap<String, String>) -> Result<(), String> {
    courier.turn_to(OPENED + 20, 1);
    let fund = json!({
        "name": {"bn": "সার্ভিস ইনোভেশন ফান্ড", "en": "Service Innovation Fund"},
        "description": {"bn": "সেবা সহজ করার উদ্যোগে অর্থায়ন।", "en": "Pays for pilots that make public services simpler."}
    });
    let fund = courier.post(people.account("fund-officer")?, "/v1/funds", fund).await?;
    let teller = Teller { courier, people, fund: format!("/v1/funds/{}", id(&fund)?) };
    let capital = json!({"amount": taka(5_000_000), "reason": "Demo data: budget of the fiscal year.", "payment_reference": "TR-DEMO-1"});
    teller.money("finance-officer", &teller.fund, "capital", capital).await?;
    teller.decided(pilots).await?;
    teller.open(pilots).await
}

fn taka(amount: u32) -> Value {
    json!({"amount": format!("{amount}.00"), "currency": "BDT"})
}

impl Teller<'_> {
    fn who(&self, key: &str) -> Result<&Account, String> {
        self.people.account(key)
    }

    async fn get(&self, path: &str) -> Result<Value, String> {
        self.courier.send(self.who("fund-officer")?, Method::GET, path, Value::Null).await
    }

    /// A step that moves money, on the version that the record has.
    async fn money(&self, who: &str, record: &str, step: &str, body: Value) -> Result<Value, String> {
        let present = self.get(record).await?;
        let version = present.get("version").and_then(Value::as_i64).ok_or_else(|| format!("no version: {present}"))?;
        self.courier.pay(self.who(who)?, &format!("{record}/{step}"), version, body).await
    }

    async fn round(&self, theme: Value, opens_in: i64, closes_in: i64, allocated: u32) -> Result<String, String> {
        let anchors = json!([
            {"score": 1, "meaning": {"bn": "সামান্য", "en": "Little"}}, {"score": 3, "meaning": {"bn": "মাঝারি", "en": "Some"}},
            {"score": 5, "meaning": {"bn": "অনেক", "en": "Much"}}
        ]);
        let content = json!({
            "theme": theme, "description": {"bn": "মাঠ পর্যায়ের দপ্তরের জন্য।", "en": "For field offices."},
            "opens_at": self.courier.instant(opens_in), "closes_at": self.courier.instant(closes_in), "is_sealed": true,
            "smallest_award": taka(50_000), "largest_award": taka(300_000), "two_approvers_above": taka(200_000),
            "minimum_reviewers": 2, "panel_quorum": 3, "spread_threshold_percent": "25.00",
            "rubric": [
                {"code": "impact", "title": {"bn": "নাগরিকের উপকার", "en": "Benefit to citizens"}, "weight": 50, "anchors": anchors},
                {"code": "feasibility", "title": {"bn": "বাস্তবায়নযোগ্যতা", "en": "Feasibility"}, "weight": 30, "anchors": anchors},
                {"code": "cost", "title": {"bn": "ব্যয়ের যৌক্তিকতা", "en": "Value for money"}, "weight": 20, "anchors": anchors}
            ],
            "eligibility_rules": [
                {"code": "plan", "kind": "plan_submitted", "statement": {"bn": "পরিকল্পনা জমা আছে", "en": "A plan is submitted"}},
                {"code": "baseline", "kind": "baseline_verified", "statement": {"bn": "প্রারম্ভিক পরিমাপ যাচাইকৃত", "en": "A baseline is verified"}},
                {"code": "public_service", "kind": "manual", "statement": {"bn": "এটি একটি সরকারি সেবা", "en": "It is a public service"}}
            ],
            "minimum_utilisation": 75, "most_tranches": 3, "agreement_within_days": 365, "release_on": self.courier.day(closes_in)
        });
        let officer = self.who("fund-officer")?;
        let round = self.courier.post(officer, &format!("{}/rounds", self.fund), content).await?;
        let path = format!("/v1/funding-rounds/{}", id(&round)?);
        let allocation =
            json!({"direction": "allocate", "amount": taka(allocated), "reason": "Demo data: decision of the board."});
        self.money("fund-approver", &path, "allocations", allocation).await?;
        self.courier.act(officer, &path, json!({"action": "open"})).await?;
        Ok(path)
    }

    async fn ask(&self, pilot: &str, owner: &str, round: &str, amount: u32) -> Result<String, String> {
        let round = round.rsplit('/').next().unwrap_or_default();
        let body = json!({
            "round_id": round, "requested": taka(amount),
            "purpose": {"bn": "পাইলটের পরিকল্পনা বাস্তবায়ন।", "en": "Carrying out the plan of the pilot."},
            "budget_lines": [{"head": "other", "description": "As in the plan of the pilot", "amount": taka(amount)}],
            "co_funding": []
        });
        let made = self.courier.post(self.who(owner)?, &format!("/v1/pilots/{pilot}/funding-requests"), body).await?;
        Ok(format!("/v1/funding-requests/{}", id(&made)?))
    }

    async fn decided(&self, pilots: &HashMap<String, String>) -> Result<(), String> {
        self.courier.turn_to(OPENED, 1);
        let round = self
            .round(json!({"bn": "নাগরিকের কাছে সেবা", "en": "Services close to citizens"}), 0, OPENED - CLOSED, 600_000)
            .await?;
        let mut asked = Vec::new();
        for (pilot, owner, amount, end) in REQUESTS {
            let known = pilots.get(*pilot).ok_or_else(|| format!("there is no pilot {pilot}"))?;
            let request = self.ask(known, owner, &round, *amount).await?;
            self.courier.act(self.who(owner)?, &request, json!({"action": "submit"})).await?;
            asked.push((request, *owner, known.as_str(), *amount, *end));
        }
        let officer = self.who("fund-officer")?;
        self.courier.turn_to(CLOSED, 2);
        for action in ["close", "start_deciding"] {
            self.courier.act(officer, &round, json!({"action": action})).await?;
        }
        self.courier.turn_to(REVIEWED, 3);
        let attendees = ["reviewer", "reviewer-two", "fund-officer"].map(|key| self.who(key).map(|it| it.id));
        let attendees = attendees.into_iter().collect::<Result<Vec<_>, _>>()?;
        let minutes = json!({"held_on": self.courier.day(0), "attendees": attendees,
            "minutes": {"bn": "সব আবেদন আলোচিত হয়েছে।", "en": "All requests were discussed."}});
        let meeting = self.courier.post(officer, &format!("{round}/panel-meetings"), minutes).await?;
        for (request, _, _, amount, end) in &asked {
            self.review(request, *end).await?;
            self.decide(request, &id(&meeting)?, *amount, *end).await?;
        }
        self.courier.turn_to(RELEASED, 4);
        self.courier.act(officer, &round, json!({"action": "finish_deciding"})).await?;
        self.courier.post(officer, &format!("{round}/release"), Value::Null).await?;
        for (request, owner, pilot, amount, end) in &asked {
            if matches!(end, End::Signed | End::Active) {
                self.sign(request, owner, *amount).await?;
            }
            if *end == End::Active {
                self.pay(request, owner, pilot).await?;
            }
        }
        Ok(())
    }

    async fn review(&self, request: &str, end: End) -> Result<(), String> {
        let officer = self.who("fund-officer")?;
        self.courier.act(officer, request, json!({"action": "start_eligibility"})).await?;
        let result = json!({"results": [{"rule": "public_service", "is_met": true,
            "reason": {"bn": "সরকারি দপ্তরের সেবা।", "en": "A service of a public office."}}]});
        self.courier.post(officer, &format!("{request}/eligibility-checks"), result).await?;
        if end == End::Ineligible {
            let body = json!({"action": "find_ineligible", "reason": "No baseline of the service is verified."});
            self.courier.act(officer, request, body).await?;
            return Ok(());
        }
        let mut reviews = Vec::new();
        for reviewer in ["reviewer", "reviewer-two"] {
            let body = json!({"reviewer_id": self.who(reviewer)?.id, "due_on": self.courier.day(5)});
            let review = self.courier.post(officer, &format!("{request}/reviews"), body).await?;
            reviews.push((reviewer, format!("/v1/funding-reviews/{}", id(&review)?)));
        }
        self.courier.act(officer, request, json!({"action": "start_review"})).await?;
        for (place, (reviewer, review)) in reviews.iter().enumerate() {
            let who = self.who(reviewer)?;
            self.courier.act(who, review, json!({"action": "declare"})).await?;
            let (high, low) = if end == End::Declined { (2, 2) } else { (5, if place == 0 { 4 } else { 3 }) };
            let scores = json!({
                "scores": [{"criterion": "impact", "score": high}, {"criterion": "feasibility", "score": low},
                    {"criterion": "cost", "score": null, "comment": "The market prices are not known to me."}],
                "public_comment": "Please describe who maintains the tools after the pilot."
            });
            self.courier.send(who, Method::PATCH, review, scores).await?;
            self.courier.act(who, review, json!({"action": "submit"})).await?;
        }
        self.courier.act(officer, request, json!({"action": "start_panel"})).await?;
        Ok(())
    }

    async fn decide(&self, request: &str, meeting: &str, amount: u32, end: End) -> Result<(), String> {
        let decision = |what: &str, reason: Option<&str>| json!({"decision": what, "reason": reason});
        if end == End::Ineligible {
            return Ok(());
        }
        let body = json!({"amount": taka(amount), "panel_meeting_id": meeting, "reason": "The panel recommends it."});
        if end != End::Declined {
            self.money("fund-officer", request, "recommendation", body).await?;
        }
        let body = match end {
            End::Declined => decision("decline", Some("The benefit to citizens is not shown.")),
            End::Waitlisted => decision("waitlist", Some("More is left of the round when an award lapses.")),
            _ => decision("award", None),
        };
        self.money("fund-approver", request, "decisions", body).await?;
        Ok(())
    }

    async fn sign(&self, request: &str, owner: &str, amount: u32) -> Result<(), String> {
        self.courier.turn_to(SIGNED, 2);
        let officer = self.who("fund-officer")?;
        let half = amount / 2;
        let plan = json!({"tranches": [
            {"amount": taka(half), "planned_on": self.courier.day(7)},
            {"amount": taka(amount - half), "planned_on": self.courier.day(70)}
        ]});
        self.courier.post(officer, &format!("{request}/tranches"), plan).await?;
        let key = request.rsplit('/').next().unwrap_or_default();
        let file = self
            .courier
            .attach(self.who(owner)?, "funding_request", key, "agreement.txt", "The signed agreement. Demo data.")
            .await?;
        for who in [owner, "fund-officer"] {
            let body = json!({"file_id": id(&file)?});
            self.courier.post(self.who(who)?, &format!("{request}/agreement-signatures"), body).await?;
        }
        self.tranche(request, owner, 0, &["request", "approve"]).await?;
        Ok(())
    }

    /// Moves a tranche, and gives its path.
    async fn tranche(&self, request: &str, owner: &str, place: usize, steps: &[&str]) -> Result<String, String> {
        let page = self.get(&format!("{request}/tranches")).await?;
        let tranche = list(&page, "items")?.get(place).ok_or("a plan without that tranche")?;
        let path = format!("/v1/tranches/{}", id(tranche)?);
        for step in steps {
            let who = if *step == "request" { owner } else { "fund-approver" };
            self.courier.act(self.who(who)?, &path, json!({"action": step})).await?;
        }
        Ok(path)
    }

    /// The pilot passes gate 1 on this money; its first tranche is paid, reported and accepted, its second asked for.
    async fn pay(&self, request: &str, owner: &str, pilot: &str) -> Result<(), String> {
        self.courier.turn_to(PAID, 3);
        let programme = self.who("officer")?;
        pass(self.courier, self.people, programme, &format!("/v1/pilots/{pilot}"), "execution").await?;
        let tranche = self.tranche(request, owner, 0, &[]).await?;
        let paid = json!({"payment_reference": "BEFTN-DEMO-1", "paid_on": self.courier.day(0)});
        let paid = self.money("finance-officer", &tranche, "disbursement", paid).await?;
        let amount = paid.get("amount").cloned().ok_or_else(|| format!("no amount: {paid}"))?;
        self.courier.turn_to(REPORTED, 3);
        let line = |voucher: Value| {
            json!({"lines": [{"head": "other", "description": "Desk, printer and paper for the clinics", "amount": amount,
                "spent_on": self.courier.day(-5), "voucher_number": "V-01", "voucher_id": voucher}]})
        };
        let who = self.who(owner)?;
        let report = self.courier.post(who, &format!("{tranche}/expenditure-reports"), line(Value::Null)).await?;
        let key = id(&report)?;
        let path = format!("/v1/expenditure-reports/{key}");
        let voucher =
            self.courier.attach(who, "expenditure_report", &key, "voucher.txt", "Voucher V-01. Demo data.").await?;
        self.courier.send(who, Method::PATCH, &path, line(json!(id(&voucher)?))).await?;
        self.courier.act(who, &path, json!({"action": "submit"})).await?;
        self.courier.act(self.who("fund-officer")?, &path, json!({"action": "check"})).await?;
        let accept = json!({"action": "accept", "accepted_amount": amount});
        self.courier.act(self.who("finance-officer")?, &path, accept).await?;
        self.tranche(request, owner, 1, &["request"]).await?;
        Ok(())
    }

    async fn open(&self, pilots: &HashMap<String, String>) -> Result<(), String> {
        self.courier.turn_to(SECOND, 1);
        let round = self
            .round(
                json!({"bn": "প্রবীণ ও প্রতিবন্ধী নাগরিক", "en": "Elderly citizens and those with disabilities"}),
                0,
                30,
                800_000,
            )
            .await?;
        for (pilot, owner, amount, _) in
            REQUESTS.iter().filter(|(.., end)| matches!(end, End::Declined | End::Waitlisted))
        {
            let known = pilots.get(*pilot).ok_or_else(|| format!("there is no pilot {pilot}"))?;
            let request = self.ask(known, owner, &round, *amount).await?;
            if *pilot == "fisher-card-camp" {
                self.courier.act(self.who(owner)?, &request, json!({"action": "submit"})).await?;
            }
        }
        Ok(())
    }
}
