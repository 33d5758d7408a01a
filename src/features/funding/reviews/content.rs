//! What a reviewer writes.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rows::FundingReviewRow;
use crate::{
    features::funding::rounds::policy::Criterion,
    platform::{
        db::json_list::JsonList,
        error::{FieldError, Place},
        text::Bilingual,
    },
};

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

/// A review as its author writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "scores": [{"criterion": "impact", "score": 4, "comment": "Clear benefit for farmers."}],
    "private_comment": "The budget for fuel is high.", "public_comment": "A good plan; say how camps go on after the pilot."
}))]
pub struct FundingReviewContent {
    /// One for each criterion that is dealt with already.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 50)]
    pub scores: Vec<CriterionScore>,
    /// For staff of the fund.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub private_comment: Option<String>,
    /// For the applicant, after the release, without the reviewer's name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub public_comment: Option<String>,
}

/// Changes to a review (RFC 7396): what is absent stays; `scores` are replaced as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the members of a merge patch; the merged record is read as FundingReviewContent"
)]
#[schema(example = json!({"scores": [{"criterion": "impact", "score": 5, "comment": null}], "public_comment": "Convincing."}))]
pub struct FundingReviewPatch {
    #[schema(max_items = 50)]
    scores: Option<Vec<CriterionScore>>,
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    private_comment: Option<String>,
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    public_comment: Option<String>,
}

impl FundingReviewContent {
    /// The content of a stored review, to be patched.
    pub fn of(row: &FundingReviewRow) -> Self {
        Self {
            scores: row.scores.to_vec(),
            private_comment: row.private_comment.clone(),
            public_comment: row.public_comment.clone(),
        }
    }

    /// The row with this content.
    pub fn into_row(self, row: FundingReviewRow) -> FundingReviewRow {
        FundingReviewRow {
            scores: JsonList::new(self.scores),
            private_comment: self.private_comment,
            public_comment: self.public_comment,
            ..row
        }
    }

    /// What does not fit the rubric, each by its pointer.
    pub fn misfits(&self, rubric: &[Criterion]) -> Vec<FieldError> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for (place, given) in self.scores.iter().enumerate() {
            if !seen.insert(&given.criterion) {
                found.push(FieldError::body(
                    format!("/scores/{place}/criterion"),
                    "repeated_criterion",
                    "This criterion is scored above already.",
                    "এই মানদণ্ডে উপরে নম্বর দেওয়া হয়েছে।",
                ));
            }
            let Some(criterion) = rubric.iter().find(|criterion| criterion.code == given.criterion) else {
                found.push(FieldError::body(
                    format!("/scores/{place}/criterion"),
                    "unknown_criterion",
                    "The rubric of the round has no such criterion.",
                    "পর্বের মূল্যায়ন কাঠামোয় এমন কোনো মানদণ্ড নেই।",
                ));
                continue;
            };
            let (lowest, highest) = criterion.bounds();
            if given.score.is_some_and(|score| !(lowest..=highest).contains(&score)) {
                found.push(FieldError::new(
                    Place::Body(format!("/scores/{place}/score")),
                    "outside_anchors",
                    Bilingual::new(
                        format!("A score of this criterion lies between {lowest} and {highest}."),
                        format!("এই মানদণ্ডের নম্বর {lowest} থেকে {highest} এর মধ্যে হতে হবে।"),
                    ),
                ));
            }
        }
        found
    }

    /// The criteria that were neither scored nor marked as not applicable.
    pub fn missing<'a>(scores: &[CriterionScore], rubric: &'a [Criterion]) -> Vec<&'a Criterion> {
        rubric.iter().filter(|criterion| scores.iter().all(|given| given.criterion != criterion.code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features::funding::rounds::policy::Anchor, platform::text::TitleInput};

    #[test]
    fn each_misfit_is_named_by_its_pointer() {
        let anchor = |score| Anchor { score, meaning: TitleInput::default() };
        let criterion = |code: &str| Criterion {
            code: code.to_owned(),
            title: TitleInput::default(),
            weight: 1,
            anchors: vec![anchor(1), anchor(5)],
        };
        let given = |code: &str, score| CriterionScore { criterion: code.to_owned(), score, comment: None };
        let scores = vec![given("a", Some(6)), given("a", Some(0)), given("x", Some(3)), given("b", None)];
        let rubric = [criterion("a"), criterion("b"), criterion("c")];
        let content = FundingReviewContent { scores, private_comment: None, public_comment: None };
        let codes: Vec<&str> = content.misfits(&rubric).iter().map(|found| found.code).collect();
        assert_eq!(codes, ["outside_anchors", "repeated_criterion", "outside_anchors", "unknown_criterion"]);
        let missing = FundingReviewContent::missing(&content.scores, &rubric);
        assert_eq!(missing.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["c"]);
    }
}
