//! What a gate asks: one trait, implemented by the slices that know the answers.

use serde::{Deserialize, Serialize};

use crate::{
    features::pilots::PilotRow,
    platform::{db::DbConnection, error::AppError, lifecycle::words, text::Bilingual, text_enum::text_enum},
};

text_enum! {
    /// The two gates, named by what lies behind them.
    Gate {
        /// Gate 1: from Initiation to Execution.
        Execution = "execution",
        /// Gate 2: from Execution to Celebration.
        Celebration = "celebration",
    }
}

text_enum! {
    /// How a condition stands.
    ConditionResult {
        /// It is fulfilled.
        Met = "met",
        /// It is not.
        Unmet = "unmet",
        /// It is not, and two officers let it pass.
        Waived = "waived",
        /// It does not concern this pilot.
        NotApplicable = "not_applicable",
    }
}

words! {
    Gate { Execution "বাস্তবায়ন", Celebration "উদ্‌যাপন" }
    ConditionResult { Met "পূরণ হয়েছে", Unmet "পূরণ হয়নি", Waived "ছাড় দেওয়া হয়েছে", NotApplicable "প্রযোজ্য নয়" }
}

/// What an evaluation finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How the condition stands; never `waived`, which a decision makes of `unmet`.
    pub result: ConditionResult,
    /// Why.
    pub detail: Bilingual,
    /// Paths of the records that show it, such as `/v1/plans/…`.
    pub evidence: Vec<String>,
}

/// A condition of a gate.
pub trait Condition: Sync {
    /// Its code, such as `G1.PLAN`.
    fn code(&self) -> &'static str;

    /// Of which gate.
    fn gate(&self) -> Gate;

    /// Whether two officers may let it pass.
    fn is_waivable(&self) -> bool;

    /// How it stands for a pilot now.
    ///
    /// # Errors
    /// Those of the database.
    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError>;
}

/// A condition as it was evaluated; what a decision keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluated {
    /// The condition's code.
    pub code: String,
    /// How it stood.
    pub result: ConditionResult,
    /// Whether it could be waived.
    pub is_waivable: bool,
    /// Why, in English.
    pub detail_en: String,
    /// Why, in Bangla.
    pub detail_bn: String,
    /// Paths of the records that show it.
    pub evidence: Vec<String>,
}
