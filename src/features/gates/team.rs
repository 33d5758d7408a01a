//! The condition that somebody can stand in for the owner.

use super::{Condition, ConditionResult, Finding, Gate};
use crate::{
    features::pilots::PilotRow,
    platform::{db::DbConnection, error::AppError, text::Bilingual},
};

/// `G1.TEAM`: owner and deputy are named. Every pilot has an owner, so only the deputy can be missing.
pub struct Team;

impl Condition for Team {
    fn code(&self) -> &'static str {
        "G1.TEAM"
    }

    fn gate(&self) -> Gate {
        Gate::Execution
    }

    fn is_waivable(&self) -> bool {
        true
    }

    fn evaluate(&self, _: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let (result, detail) = match pilot.deputy_id {
            Some(_) => (
                ConditionResult::Met,
                Bilingual::new("An owner and a deputy are named.", "স্বত্বাধিকারী ও সহকারীর নাম দেওয়া আছে।"),
            ),
            None => (ConditionResult::Unmet, Bilingual::new("No deputy is named.", "কোনো সহকারীর নাম দেওয়া হয়নি।")),
        };
        Ok(Finding { result, detail, evidence: vec![format!("/v1/pilots/{}/members", pilot.id)] })
    }
}
