//! The condition that nobody carries the same thing out twice.

use crate::{
    features::{
        gates::{Condition, ConditionResult, Finding, Gate},
        pilots::{PilotRow, facts},
    },
    platform::{db::DbConnection, error::AppError, text::Bilingual},
};

/// `G1.CLEAR`: no possible duplicate is open. It can never be waived.
pub struct Clear;

impl Condition for Clear {
    fn code(&self) -> &'static str {
        "G1.CLEAR"
    }

    fn gate(&self) -> Gate {
        Gate::Execution
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let (result, detail) = match facts(connection, pilot.id)?.open_duplicates {
            0 => (
                ConditionResult::Met,
                Bilingual::new("No possible duplicate is open.", "কোনো সম্ভাব্য সদৃশ পাইলট অমীমাংসিত নেই।"),
            ),
            _ => (
                ConditionResult::Unmet,
                Bilingual::new(
                    "A possible duplicate is open; an officer has to decide on it.",
                    "একটি সম্ভাব্য সদৃশ পাইলট অমীমাংসিত; একজন কর্মকর্তাকে সিদ্ধান্ত নিতে হবে।",
                ),
            ),
        };
        Ok(Finding { result, detail, evidence: vec![format!("/v1/pilots/{}/duplicates", pilot.id)] })
    }
}
