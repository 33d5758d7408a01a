//! A review as it is stored.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{content::CriterionScore, status::ReviewStatus};
use crate::{
    features::funding::ids::{FundingRequestId, FundingReviewId},
    platform::{
        clock::Timestamp,
        db::{json_list::JsonList, schema::funding_reviews},
        ids::UserId,
    },
};

/// A review. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = funding_reviews, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FundingReviewRow {
    /// Its identifier.
    pub id: FundingReviewId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// Who reviews.
    pub reviewer_id: UserId,
    /// Where it stands.
    pub status: ReviewStatus,
    /// Who assigned them.
    pub assigned_by: UserId,
    /// By when.
    pub due_on: NaiveDate,
    /// When they declared to be free of conflicts.
    pub declared_at: Option<Timestamp>,
    /// The conflict that they declared.
    pub conflict: Option<String>,
    /// What they score.
    pub scores: JsonList<CriterionScore>,
    /// For staff.
    pub private_comment: Option<String>,
    /// For the applicant, after the release.
    pub public_comment: Option<String>,
    /// Hundredths of a percent of what is attainable.
    pub score: Option<i32>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// The review that took its place.
    pub replaced_by_id: Option<FundingReviewId>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
