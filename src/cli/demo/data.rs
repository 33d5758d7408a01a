//! The files of the demo data, as they are written.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// Organisations, parents first.
pub const ORGANISATIONS: &str = include_str!("data/organisations.json");
/// Public services.
pub const SERVICES: &str = include_str!("data/services.json");
/// People, all invented.
pub const PEOPLE: &str = include_str!("data/people.json");
/// Pilots: the first three are the programme's own, the others invented.
pub const PILOTS: &str = include_str!("data/pilots.json");

/// What savings are counted from, all invented.
pub const IMPACT: &str = include_str!("data/impact.json");

/// Reads one of the files.
///
/// # Errors
/// Where it is not as it should be.
pub fn read<T: DeserializeOwned>(json: &str) -> Result<Vec<T>, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[derive(Clone, Deserialize)]
pub struct Text {
    pub bn: Option<String>,
    pub en: Option<String>,
}

#[derive(Deserialize)]
pub struct DemoOrganisation {
    pub key: String,
    pub parent_key: Option<String>,
    pub kind: String,
    pub name: Text,
    pub district: Option<String>,
}

#[derive(Deserialize)]
pub struct DemoService {
    pub key: String,
    pub sector: String,
    pub organisation: String,
    pub name: Text,
}

#[derive(Deserialize)]
pub struct DemoPerson {
    pub key: String,
    pub email: String,
    pub name: Text,
    pub designation: Text,
    pub organisation: String,
    pub roles: Vec<String>,
}

#[derive(Deserialize)]
pub struct DemoPilot {
    pub key: String,
    pub owner: String,
    pub deputy: Option<String>,
    pub members: Vec<String>,
    pub title: Value,
    pub summary: Value,
    pub problem: Value,
    pub proposed_change: Value,
    pub service: String,
    pub citizen_group: Value,
    pub underserved: Value,
    pub districts: Vec<String>,
    pub sdg_targets: Value,
    pub tags: Value,
    pub origin: String,
    pub status: String,
    pub is_public: bool,
    pub started_days_ago: i64,
    pub reason: Option<String>,
    pub plan: Option<DemoPlan>,
    pub baseline: Option<Value>,
    pub endline: Option<Value>,
    pub final_report: Option<Value>,
}

#[derive(Deserialize)]
pub struct DemoPlan {
    pub solution_design: Value,
    pub implementation_plan: Value,
    pub budget_lines: Vec<Value>,
    pub risks: Value,
    pub tcv_targets: Value,
    pub milestones: Vec<DemoMilestone>,
}

#[derive(Deserialize)]
pub struct DemoMilestone {
    pub title: Value,
    pub is_mandatory: bool,
    pub done: bool,
}
