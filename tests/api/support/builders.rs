//! Brings records to a state, by the commands that people would give.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use super::{App, Client, people::Person};

/// A pilot's content with everything that `submit` asks for.
pub fn content(app: &App) -> Value {
    json!({
        "title": {"bn": "পশু স্বাস্থ্য শিবির", "en": "Animal Health Camp"},
        "summary": {"bn": "গ্রামে চিকিৎসা।", "en": "Treatment in the village."},
        "problem": {"bn": "খামারিদের দূরে যেতে হয়।", "en": "Farmers have to travel far."},
        "proposed_change": {"bn": "মাসিক শিবির।", "en": "A monthly camp."},
        "citizen_group": {"bn": "ক্ষুদ্র খামারি", "en": "Small farmers"},
        "service_id": app.people.service, "districts": ["BD-28"], "sdg_targets": ["2.3"], "tags": ["livestock"],
        "underserved": ["rural_poor"], "origin": "empathy_visit"
    })
}

impl App {
    /// A complete draft.
    pub async fn draft(&self, owner: &Client) -> Value {
        owner.post("/v1/pilots").json(content(self)).send().await.expect(201)
    }

    pub async fn submitted(&self, owner: &Client) -> Value {
        let pilot = self.draft(owner).await;
        act(owner, &pilot, json!({"action": "submit"})).await
    }

    pub async fn screening(&self, owner: &Client, officer: &Client) -> Value {
        let pilot = self.submitted(owner).await;
        act(officer, &pilot, json!({"action": "start_screening"})).await
    }

    /// Accepted: every logged-in person sees it.
    pub async fn design(&self, owner: &Client, officer: &Client) -> Value {
        let pilot = self.screening(owner, officer).await;
        act(officer, &pilot, json!({"action": "accept"})).await
    }

    pub async fn published(&self, owner: &Client, officer: &Client) -> Value {
        let pilot = self.design(owner, officer).await;
        act(officer, &pilot, json!({"action": "publish"})).await
    }
}

/// Moves a pilot, at its latest version. The pilots of the tests are all alike, so who accepts one dismisses first what it
/// resembles.
pub async fn act(who: &Client, pilot: &Value, command: Value) -> Value {
    if command["action"] == "accept" {
        clear(who, pilot).await;
    }
    who.post(format!("{}/transitions", path(pilot))).if_match("*").json(command).send().await.expect(200)
}

/// Dismisses every possible duplicate of a pilot that is open.
pub async fn clear(who: &Client, pilot: &Value) {
    for duplicate in duplicates(who, pilot, "open").await {
        step(who, &duplicate_path(&duplicate), json!({"action": "dismiss", "reason": "Another place."})).await;
    }
}

/// The possible duplicates of a pilot with one status.
pub async fn duplicates(who: &Client, pilot: &Value, status: &str) -> Vec<Value> {
    let page = who.get(format!("{}/duplicates?status={status}", path(pilot))).send().await.expect(200);
    page["items"].as_array().unwrap().clone()
}

pub fn duplicate_path(duplicate: &Value) -> String {
    format!("/v1/duplicates/{}", duplicate["id"].as_str().unwrap())
}

/// Where a pilot is found.
pub fn path(pilot: &Value) -> String {
    format!("/v1/pilots/{}", pilot["id"].as_str().unwrap())
}

/// The `If-Match` of a record as it was last seen.
pub fn version(record: &Value) -> String {
    format!("\"{}\"", record["version"])
}

/// Takes someone into a team.
pub async fn join(owner: &Client, pilot: &Value, person: &Person, role: &str) {
    owner
        .post(format!("{}/members", path(pilot)))
        .json(json!({"user_id": person.id, "role": role}))
        .send()
        .await
        .expect(201);
}

/// A measurement of a kind: 100 minutes, 2500 taka and 4.5 visits at first, 23 minutes, 75 taka and 5 visits at the end.
pub fn measurement(kind: &str) -> Value {
    let money = |amount: &str| json!({"amount": amount, "currency": "BDT"});
    let free = || money("0.00");
    if kind == "baseline" {
        json!({
            "kind": kind, "sample_size": 40, "period_start_on": "2026-01-04", "period_end_on": "2026-01-29", "district_code": "BD-28",
            "time": {"travel": "60.00", "waiting": "30.00", "processing": "10.00"},
            "cost": {"travel": money("1500.00"), "fees": money("1000.00"), "assistance": free(), "communication": free(), "other": free()},
            "visits": {"apply": "1.00", "follow_up": "2.50", "collect": "1.00"}
        })
    } else {
        json!({
            "kind": kind, "sample_size": 35, "period_start_on": "2026-05-10", "period_end_on": "2026-06-10", "district_code": "BD-28",
            "time": {"travel": "15.00", "waiting": "5.00", "processing": "3.00"},
            "cost": {"travel": money("50.00"), "fees": money("25.00"), "assistance": free(), "communication": free(), "other": free()},
            "visits": {"apply": "1.00", "follow_up": "3.00", "collect": "1.00"}
        })
    }
}

/// A plan's content with everything that `submit` and gate 1 ask for; the second milestone is not mandatory.
pub fn plan_content(responsible: &Person) -> Value {
    let money = |amount: &str| json!({"amount": amount, "currency": "BDT"});
    json!({
        "solution_design": {"bn": "মাসিক শিবির।", "en": "A monthly camp."},
        "implementation_plan": {"bn": "পালা করে।", "en": "Union by union."},
        "budget_lines": [
            {"head": "transport", "description": "Boats", "amount": money("84000.05")},
            {"head": "training", "description": "Two days", "amount": money("15999.95")}
        ],
        "risks": [{"description": "Floods", "likelihood": "medium", "impact": "high", "mitigation": "Move the camp."}],
        "tcv_targets": {"time_minutes": "30.00", "cost": money("100.00"), "visits": "1.00"},
        "milestones": [
            {"title": {"bn": "প্রথম শিবির", "en": "First camp"}, "due_on": "2026-09-01", "responsible_id": responsible.id, "is_mandatory": true},
            {"title": {"en": "A film about it"}, "is_mandatory": false}
        ]
    })
}

/// A final report with everything that gate 2 asks for.
pub fn final_report() -> Value {
    json!({
        "what_worked": {"en": "Farmers came in numbers."}, "what_did_not": {"bn": "বর্ষায় কম।"},
        "cost_per_transaction": {"amount": "12.50", "currency": "BDT"}, "replication_needs": {"en": "A boat."},
        "public_summary": {"bn": "কাছেই চিকিৎসা।", "en": "Treatment close by."}
    })
}

/// Moves any record that is found under this path, at its latest version.
pub async fn step(who: &Client, path: &str, command: Value) -> Value {
    who.post(format!("{path}/transitions")).if_match("*").json(command).send().await.expect(200)
}

/// The conditions that close an action on any record to someone, sorted; `allowed_actions` says the same.
pub async fn closed_on(who: &Client, record: &str, action: &str) -> Vec<String> {
    let all = who.get(format!("{record}/actions")).send().await.expect(200);
    let found = all["items"].as_array().unwrap().iter().find(|item| item["action"] == action).unwrap().clone();
    assert_eq!(found["allowed"], json!(found["conditions"] == json!([])));
    let own = who.get(record).send().await.expect(200)["allowed_actions"].clone();
    assert_eq!(own.as_array().unwrap().contains(&json!(action)), found["allowed"] == json!(true), "{own}");
    let mut codes: Vec<String> =
        found["conditions"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes
}

pub fn measurement_path(measurement: &Value) -> String {
    format!("/v1/tcv-measurements/{}", measurement["id"].as_str().unwrap())
}

pub fn plan_path(plan: &Value) -> String {
    format!("/v1/plans/{}", plan["id"].as_str().unwrap())
}

pub fn milestone_path(milestone: &Value) -> String {
    format!("/v1/milestones/{}", milestone["id"].as_str().unwrap())
}

pub fn source_path(source: &Value) -> String {
    format!("/v1/funding-sources/{}", source["id"].as_str().unwrap())
}

pub fn decision_path(decision: &Value) -> String {
    format!("/v1/gate-decisions/{}", decision["id"].as_str().unwrap())
}

/// How a gate's condition stands: its result and why.
pub async fn condition(who: &Client, pilot: &Value, code: &str) -> (String, String) {
    let gate = if code.starts_with("G1.") { "execution" } else { "celebration" };
    let view = who.get(format!("{}/gates/{gate}", path(pilot))).send().await.expect(200);
    let found = view["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["code"] == code)
        .unwrap_or_else(|| panic!("{code}: {view}"));
    (found["result"].as_str().unwrap().to_owned(), found["detail"].as_str().unwrap().to_owned())
}

impl App {
    /// A verified measurement with this content.
    pub async fn verified(&self, owner: &Client, officer: &Client, pilot: &Value, content: Value) -> Value {
        let created = owner.post(format!("{}/tcv-measurements", path(pilot))).json(content).send().await.expect(201);
        step(owner, &measurement_path(&created), json!({"action": "submit"})).await;
        step(officer, &measurement_path(&created), json!({"action": "verify"})).await
    }

    /// The verified `baseline` or `endline` of a pilot.
    pub async fn measured(&self, owner: &Client, officer: &Client, pilot: &Value, kind: &str) -> Value {
        self.verified(owner, officer, pilot, measurement(kind)).await
    }

    /// A submitted plan.
    pub async fn planned(&self, owner: &Person, pilot: &Value) -> Value {
        let plan = owner.post(format!("{}/plans", path(pilot))).json(plan_content(owner)).send().await.expect(201);
        step(owner, &plan_path(&plan), json!({"action": "submit"})).await
    }

    /// A local source of the plan's whole budget, confirmed by its document: the money that gate 1 asks for.
    pub async fn funded(&self, owner: &Client, officer: &Client, pilot: &Value, plan: &Value) -> Value {
        let source = self.source(owner, pilot, plan["budget_total"].clone()).await;
        step(officer, &source_path(&source), json!({"action": "confirm"})).await
    }

    /// A declared source of so much, with its document.
    pub async fn source(&self, owner: &Client, pilot: &Value, amount: Value) -> Value {
        let id = pilot["id"].as_str().unwrap();
        let files = format!("/v1/attachments?parent_kind=pilot&parent_id={id}");
        let letter = owner.post(files).form("letter.txt", "text/plain", "We give it.").send().await.expect(201);
        let content = json!({
            "kind": "office_budget", "provider": {"bn": "উপজেলা পরিষদ", "en": "Upazila council"}, "amount": amount,
            "description": "From the development budget.", "document_id": letter["id"]
        });
        owner.post(format!("{}/funding-sources", path(pilot))).json(content).send().await.expect(201)
    }

    /// Passes a gate at which everything is met, and gives the decision.
    pub async fn pass(&self, officer: &Client, pilot: &Value, gate: &str) -> Value {
        let decide = officer.post(format!("{}/gate-decisions", path(pilot)));
        let decision = decide.json(json!({"gate": gate, "outcome": "pass"})).send().await.expect(201);
        assert_eq!(decision["status"], "confirmed");
        decision
    }

    /// Accepted, with a deputy if there is one, a verified baseline, a submitted plan and its money: gate 1 asks for nothing more
    /// than, without a deputy, that one.
    pub async fn at_gate_one(&self, owner: &Person, deputy: Option<&Person>, officer: &Client) -> Value {
        let pilot = self.design(owner, officer).await;
        if let Some(deputy) = deputy {
            join(owner, &pilot, deputy, "deputy").await;
        }
        self.measured(owner, officer, &pilot, "baseline").await;
        let plan = self.planned(owner, &pilot).await;
        self.funded(owner, officer, &pilot, &plan).await;
        owner.get(path(&pilot)).send().await.expect(200)
    }

    /// Through gate 1. Without a deputy that condition is waived, and another officer confirms it.
    pub async fn in_execution(&self, owner: &Person, deputy: Option<&Person>, officer: &Client) -> Value {
        let pilot = self.at_gate_one(owner, deputy, officer).await;
        if deputy.is_some() {
            self.pass(officer, &pilot, "execution").await;
        } else {
            let second = self.person("Confirming Officer", &[Role::ProgrammeOfficer], self.people.a2i).await;
            let waivers = json!([{"code": "G1.TEAM", "reason": "A deputy joins next month."}]);
            let proposal = json!({"gate": "execution", "outcome": "pass", "waivers": waivers});
            let proposed =
                officer.post(format!("{}/gate-decisions", path(&pilot))).json(proposal).send().await.expect(201);
            step(&second, &decision_path(&proposed), json!({"action": "confirm"})).await;
        }
        owner.get(path(&pilot)).send().await.expect(200)
    }

    /// The plan version in force.
    pub async fn plan_in_force(&self, who: &Client, pilot: &Value) -> Value {
        let plans = who.get(format!("{}/plans", path(pilot))).send().await.expect(200);
        let locked = plans["items"].as_array().unwrap().iter().find(|plan| plan["status"] == "locked").unwrap().clone();
        who.get(plan_path(&locked)).send().await.expect(200)
    }

    /// In execution, with all that gate 2 asks for.
    pub async fn at_gate_two(&self, owner: &Person, deputy: Option<&Person>, officer: &Client) -> Value {
        let pilot = self.in_execution(owner, deputy, officer).await;
        let plan = self.plan_in_force(owner, &pilot).await;
        let done = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "Attendance sheet."});
        step(owner, &milestone_path(&plan["milestones"][0]), done).await;
        self.measured(owner, officer, &pilot, "endline").await;
        owner
            .patch(format!("{}/final-report", path(&pilot)))
            .if_match("\"0\"")
            .merge(final_report())
            .send()
            .await
            .expect(200);
        pilot
    }

    /// Through both gates.
    pub async fn completed(&self, owner: &Person, deputy: Option<&Person>, officer: &Client) -> Value {
        let pilot = self.at_gate_two(owner, deputy, officer).await;
        self.pass(officer, &pilot, "celebration").await;
        owner.get(path(&pilot)).send().await.expect(200)
    }

    /// A deputy from the owner's office.
    pub async fn deputy(&self) -> Person {
        self.person("Deputy", &[Role::Innovator], self.people.livestock_office).await
    }
}
