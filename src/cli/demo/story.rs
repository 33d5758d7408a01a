//! One pilot's way to the status that the data gives it, step by step, each on its own day.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{
    courier::Courier,
    data::{DemoPilot, DemoPlan},
    people::{Account, People},
};

/// Days from the first draft to each step.
const SUBMITTED: i64 = 3;
const SCREENED: i64 = 5;
const DECIDED: i64 = 9;
const PLANNED: i64 = 12;
const GATE_ONE: i64 = 16;
const PAUSED: i64 = 18;
/// The endline comes at least the method's ninety days after the baseline.
const GATE_TWO: i64 = 130;

struct Story<'a> {
    courier: &'a Courier,
    people: &'a People,
    pilot: &'a DemoPilot,
    owner: &'a Account,
    officer: &'a Account,
    path: String,
}

/// Tells it, and gives the pilot's identifier.
///
/// # Errors
/// The first request that was refused, and why.
pub async fn tell(courier: &Courier, people: &People, pilot: &DemoPilot) -> Result<String, String> {
    let owner = people.account(&pilot.owner)?;
    courier.turn_to(pilot.started_days_ago, 0);
    let content = json!({
        "title": pilot.title, "summary": pilot.summary, "problem": pilot.problem, "proposed_change": pilot.proposed_change,
        "citizen_group": pilot.citizen_group, "underserved": pilot.underserved, "service_id": people.service(&pilot.service)?,
        "districts": pilot.districts, "sdg_targets": pilot.sdg_targets, "tags": pilot.tags, "origin": pilot.origin,
    });
    let created = courier.post(owner, "/v1/pilots", content).await?;
    let path = format!("/v1/pilots/{}", id(&created)?);
    // The two officers take turns, and never one whose team or office it is.
    let officer = people.account(if pilot.owner == "officer" { "officer-two" } else { "officer" })?;
    let story = Story { courier, people, pilot, owner, officer, path };
    story.gather_team().await?;
    if pilot.status != "draft" {
        story.screen().await?;
    }
    if matches!(pilot.status.as_str(), "design" | "in_execution" | "on_hold" | "discontinued" | "completed") {
        story.run().await?;
    }
    id(&created)
}

/// The identifier in an answer. One without is a fault of the program, and what would be told from there on a lie.
pub fn id(record: &Value) -> Result<String, String> {
    record
        .get("id")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| format!("an answer without `id`: {record}"))
}

/// The list in an answer.
pub fn list<'a>(record: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let found = record.get(name).and_then(Value::as_array);
    found.map(Vec::as_slice).ok_or_else(|| format!("an answer without `{name}`: {record}"))
}

impl Story<'_> {
    fn on_day(&self, day: i64) {
        // A pilot that began last week has gone through its steps in hours.
        let ago = self.pilot.started_days_ago - day;
        if ago > 0 {
            self.courier.turn_to(ago, 2);
        } else {
            self.courier.turn_to(1, 2 + day.min(20));
        }
    }

    async fn act(&self, who: &Account, body: Value) -> Result<Value, String> {
        self.courier.act(who, &self.path, body).await
    }

    fn reason(&self) -> &str {
        self.pilot.reason.as_deref().unwrap_or("—")
    }

    async fn gather_team(&self) -> Result<(), String> {
        let places = self
            .pilot
            .deputy
            .iter()
            .map(|key| (key, "deputy"))
            .chain(self.pilot.members.iter().map(|key| (key, "member")));
        for (key, role) in places {
            let body = json!({"user_id": self.people.account(key)?.id, "role": role});
            self.courier.post(self.owner, &format!("{}/members", self.path), body).await?;
        }
        Ok(())
    }

    async fn screen(&self) -> Result<(), String> {
        let status = self.pilot.status.as_str();
        self.on_day(SUBMITTED);
        self.act(self.owner, json!({"action": "submit"})).await?;
        if status == "submitted" {
            return Ok(());
        }
        self.on_day(SCREENED);
        if status == "withdrawn" {
            self.act(self.owner, json!({"action": "withdraw", "reason": self.reason()})).await?;
            return Ok(());
        }
        self.act(self.officer, json!({"action": "start_screening"})).await?;
        self.on_day(DECIDED);
        match status {
            "screening" => Ok(Value::Null),
            "changes_requested" => {
                let due = self.courier.day(21);
                self.act(self.officer, json!({"action": "request_changes", "reason": self.reason(), "due_on": due}))
                    .await
            }
            "rejected" => {
                self.act(
                    self.officer,
                    json!({"action": "reject", "reason": self.reason(), "reason_code": "not_feasible"}),
                )
                .await
            }
            _ => {
                self.tell_apart().await?;
                self.act(self.officer, json!({"action": "accept"})).await
            }
        }?;
        Ok(())
    }

    /// The officer dismisses what the pilot resembles.
    async fn tell_apart(&self) -> Result<(), String> {
        let path = format!("{}/duplicates?status=open", self.path);
        let found = self.courier.send(self.officer, Method::GET, &path, Value::Null).await?;
        for duplicate in list(&found, "items")? {
            let body = json!({"action": "dismiss", "reason": "Another place and another way, demo data."});
            self.courier.act(self.officer, &format!("/v1/duplicates/{}", id(duplicate)?), body).await?;
        }
        Ok(())
    }

    /// From acceptance to the end.
    async fn run(&self) -> Result<(), String> {
        let status = self.pilot.status.as_str();
        self.on_day(PLANNED);
        if self.pilot.is_public {
            self.act(self.officer, json!({"action": "publish"})).await?;
        }
        if let Some(baseline) = &self.pilot.baseline {
            self.measure("baseline", baseline).await?;
        }
        let milestones = match &self.pilot.plan {
            Some(plan) => self.plan(plan).await?,
            None => Vec::new(),
        };
        if status == "design" {
            return Ok(());
        }
        self.fund().await?;
        self.on_day(GATE_ONE);
        self.pass("execution").await?;
        self.on_day(PAUSED);
        match status {
            "on_hold" => {
                let review = self.courier.day(60);
                self.act(self.officer, json!({"action": "hold", "reason": self.reason(), "review_on": review})).await?;
            }
            "discontinued" => {
                self.act(self.owner, json!({"action": "discontinue", "lessons": self.reason()})).await?;
            }
            _ => {
                self.work(&milestones).await?;
                if status == "completed" {
                    self.finish().await?;
                }
            }
        }
        Ok(())
    }

    async fn measure(&self, kind: &str, parts: &Value) -> Result<(), String> {
        let cost = |name: &str| {
            let amount = parts.get("cost").and_then(|cost| cost.get(name)).filter(|amount| !amount.is_null());
            amount.map_or(Value::Null, |amount| json!({"amount": amount, "currency": "BDT"}))
        };
        let body = json!({
            "kind": kind, "sample_size": parts.get("sample_size"), "district_code": self.pilot.districts.first(),
            "period_start_on": self.courier.day(-6), "period_end_on": self.courier.day(-1),
            "time": parts.get("time"), "visits": parts.get("visits"),
            "cost": {
                "travel": cost("travel"), "fees": cost("fees"), "assistance": cost("assistance"),
                "communication": cost("communication"), "other": cost("other")
            }
        });
        let measured = self.courier.post(self.owner, &format!("{}/tcv-measurements", self.path), body).await?;
        let path = format!("/v1/tcv-measurements/{}", id(&measured)?);
        self.courier.act(self.owner, &path, json!({"action": "submit"})).await?;
        self.courier.act(self.officer, &path, json!({"action": "verify"})).await?;
        if self.pilot.is_public {
            self.courier.act(self.officer, &path, json!({"action": "publish"})).await?;
        }
        Ok(())
    }

    /// Writes and submits the plan; gives the milestones with whether they are to be done.
    async fn plan(&self, plan: &DemoPlan) -> Result<Vec<(String, bool)>, String> {
        let money = |amount: Option<&Value>| json!({"amount": amount, "currency": "BDT"});
        let lines: Vec<Value> = plan
            .budget_lines
            .iter()
            .map(|line| json!({"head": line.get("head"), "description": line.get("description"), "amount": money(line.get("amount"))}))
            .collect();
        let milestones: Vec<Value> = plan
            .milestones
            .iter()
            .zip(1_i64..)
            .map(|(step, number)| {
                json!({"title": step.title, "is_mandatory": step.is_mandatory, "due_on": self.courier.day(20 * number), "responsible_id": self.owner.id})
            })
            .collect();
        let targets = &plan.tcv_targets;
        let body = json!({
            "solution_design": plan.solution_design, "implementation_plan": plan.implementation_plan, "budget_lines": lines,
            "risks": plan.risks, "milestones": milestones,
            "tcv_targets": {
                "time_minutes": targets.get("time_minutes"), "cost": money(targets.get("cost")), "visits": targets.get("visits")
            }
        });
        let created = self.courier.post(self.owner, &format!("{}/plans", self.path), body).await?;
        let path = format!("/v1/plans/{}", id(&created)?);
        let submitted = self.courier.act(self.owner, &path, json!({"action": "submit"})).await?;
        let made = list(&submitted, "milestones")?;
        if made.len() != plan.milestones.len() {
            return Err(format!("a plan with {} of {} milestones: {submitted}", made.len(), plan.milestones.len()));
        }
        made.iter().zip(&plan.milestones).map(|(made, step)| Ok((id(made)?, step.done))).collect()
    }

    async fn pass(&self, gate: &str) -> Result<(), String> {
        pass(self.courier, self.people, self.officer, &self.path, gate).await
    }

    /// The office pays what the plan costs, and an officer has seen the order.
    async fn fund(&self) -> Result<(), String> {
        let plans = self.courier.send(self.owner, Method::GET, &format!("{}/plans", self.path), Value::Null).await?;
        let submitted = |plan: &&Value| plan.get("status").and_then(Value::as_str) == Some("submitted");
        let plan = list(&plans, "items")?.iter().find(submitted).ok_or("no plan is submitted")?;
        let pilot = self.path.rsplit('/').next().unwrap_or_default();
        let order =
            self.courier.attach(self.owner, "pilot", pilot, "budget-order.txt", "Office order. Demo data.").await?;
        let body = json!({
            "kind": "office_budget", "provider": {"bn": "নিজ দপ্তরের বাজেট", "en": "The budget of the office"},
            "amount": plan.get("budget_total"), "description": "As in the plan.", "document_id": id(&order)?
        });
        let source = self.courier.post(self.owner, &format!("{}/funding-sources", self.path), body).await?;
        let path = format!("/v1/funding-sources/{}", id(&source)?);
        self.courier.act(self.officer, &path, json!({"action": "confirm"})).await?;
        Ok(())
    }

    async fn work(&self, milestones: &[(String, bool)]) -> Result<(), String> {
        for ((milestone, done), number) in milestones.iter().zip(1_i64..) {
            if *done {
                self.on_day(PAUSED + 20 * number);
                let body = json!({"action": "complete", "done_on": self.courier.day(0), "evidence": "Report of the field visit, demo data."});
                self.courier.act(self.owner, &format!("/v1/milestones/{milestone}"), body).await?;
            }
        }
        Ok(())
    }

    async fn finish(&self) -> Result<(), String> {
        self.on_day(GATE_TWO);
        if let Some(endline) = &self.pilot.endline {
            self.measure("endline", endline).await?;
        }
        if let Some(report) = &self.pilot.final_report {
            let mut report = report.clone();
            let cost = report.get("cost_per_transaction").cloned();
            if let Value::Object(fields) = &mut report {
                fields.insert("cost_per_transaction".into(), json!({"amount": cost, "currency": "BDT"}));
            }
            self.courier.send(self.owner, Method::PATCH, &format!("{}/final-report", self.path), report).await?;
        }
        self.pass("celebration").await
    }
}

/// Passes a gate. What the data does not have (a deputy, say) is waived and confirmed by the second officer.
///
/// # Errors
/// The first request that was refused, and why.
pub async fn pass(
    courier: &Courier,
    people: &People,
    officer: &Account,
    pilot: &str,
    gate: &str,
) -> Result<(), String> {
    let asked = courier.send(officer, Method::GET, &format!("{pilot}/gates/{gate}"), Value::Null).await?;
    let unmet = |condition: &&Value| condition.get("result").and_then(Value::as_str) == Some("unmet");
    let waivers: Vec<Value> = list(&asked, "conditions")?
        .iter()
        .filter(unmet)
        .map(|condition| json!({"code": condition.get("code"), "reason": "Waived for the demo."}))
        .collect();
    let confirm = !waivers.is_empty();
    let body = json!({"gate": gate, "outcome": "pass", "waivers": waivers});
    let decision = courier.post(officer, &format!("{pilot}/gate-decisions"), body).await?;
    if confirm {
        let second = people.account("officer-two")?;
        courier.act(second, &format!("/v1/gate-decisions/{}", id(&decision)?), json!({"action": "confirm"})).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_lacks_what_the_story_goes_on_with_ends_it() {
        assert_eq!(id(&json!({"id": "x"})), Ok("x".to_owned()));
        assert!(id(&json!({"id": null})).is_err_and(|error| error.contains("`id`")));
        assert!(list(&json!({"milestones": {}}), "milestones").is_err_and(|error| error.contains("`milestones`")));
        assert_eq!(list(&json!({"milestones": []}), "milestones").map(<[Value]>::len), Ok(0));
    }
}
