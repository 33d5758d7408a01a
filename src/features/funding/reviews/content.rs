//! What a reviewer writes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// What a reviewer says of one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criterion": "impact", "score": 4, "comment": "Clear benefit for farmers."}))]
pub struct CriterionScore {
    /// The criterion's code.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_]*$", example = "impact")]
    pub criterion: String,
    /// Between its lowest and its highest anchor; null is: not applicable, which is left out of the sum.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<i32>,
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub comment: Option<String>,
}
