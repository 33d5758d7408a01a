//! Brings records to a state, by the commands that people would give.

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

/// Moves a pilot, at its latest version.
pub async fn act(who: &Client, pilot: &Value, command: Value) -> Value {
    who.post(format!("{}/transitions", path(pilot))).if_match("*").json(command).send().await.expect(200)
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
