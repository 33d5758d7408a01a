//! How a review is shown: to each reader what they may know.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{Reader, SeenReview},
    content::CriterionScore,
    guards::{ReviewAction, allowed_actions},
    status::ReviewStatus,
    ties::{OPEN, Pair, Ties, ties},
};
use crate::{
    features::{
        funding::ids::{FundingRequestId, FundingReviewId},
        pilots::PersonView,
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::users},
        error::AppError,
        ids::UserId,
        quantity::Hundredths,
        text::LocalizedText,
    },
};

/// A score of a criterion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CriterionScoreView {
    /// The criterion's code in the rubric of the round.
    #[schema(max_length = 40, example = "impact")]
    pub criterion: String,
    /// Null is: not applicable.
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<i32>,
    /// Why.
    #[schema(max_length = 2000)]
    pub comment: Option<String>,
}

impl From<&CriterionScore> for CriterionScoreView {
    fn from(given: &CriterionScore) -> Self {
        Self { criterion: given.criterion.clone(), score: given.score, comment: given.comment.clone() }
    }
}

/// A review of a funding request. What the reader may not know is null.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundingReviewView {
    /// Its identifier.
    pub id: FundingReviewId,
    /// Of which request.
    pub request_id: FundingRequestId,
    /// What people call that by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub request_reference: Option<String>,
    /// Who reviews.
    pub reviewer: PersonView,
    /// Where it stands.
    #[schema(inline)]
    pub status: ReviewStatus,
    /// By when it is to be handed in.
    pub due_on: NaiveDate,
    /// Whether that day has passed and it is not.
    pub is_overdue: bool,
    /// Who assigned them; told to the author and to staff.
    pub assigned_by: Option<UserId>,
    /// When they declared to be free of conflicts.
    pub declared_at: Option<Timestamp>,
    /// The conflict that they declared; told to the author and to staff.
    #[schema(max_length = 5000)]
    pub conflict: Option<String>,
    /// What was scored; null as long as it is the author's alone.
    #[schema(max_items = 50)]
    pub scores: Option<Vec<CriterionScoreView>>,
    /// For staff; told to them and to the author.
    #[schema(max_length = 5000)]
    pub private_comment: Option<String>,
    /// For the applicant, after the release.
    #[schema(max_length = 5000)]
    pub public_comment: Option<String>,
    /// Percent of what is attainable, from the submit on.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "72.50")]
    pub score: Option<Hundredths>,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// The review that took its place; told to staff.
    pub replaced_by_id: Option<FundingReviewId>,
    /// Why someone else took the place; told to staff.
    #[schema(max_length = 5000)]
    pub replace_reason: Option<String>,
    /// What the caller may do with it now.
    #[schema(inline, max_items = 5)]
    pub allowed_actions: Vec<ReviewAction>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When the reviewer was assigned.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Hundredths of a percent as they are shown.
pub fn percent(hundredths: i32) -> Hundredths {
    Hundredths::new(i64::from(hundredths))
}

impl FundingReviewView {
    /// The review as this reader sees it.
    fn new(seen: &SeenReview, reviewer: PersonView, ties: &Ties, today: NaiveDate) -> Self {
        let (row, reader) = (seen.row.clone(), seen.reader);
        let (is_author, is_peer) = (reader == Reader::Author, reader == Reader::Peer);
        let is_in = row.status == ReviewStatus::Submitted;
        let is_shown = is_author || is_in;
        Self {
            allowed_actions: allowed_actions(seen, ties),
            id: row.id,
            request_id: row.request_id,
            request_reference: seen.request.row.reference.clone(),
            reviewer,
            status: row.status,
            due_on: row.due_on,
            is_overdue: OPEN.contains(&row.status) && row.due_on < today,
            assigned_by: Some(row.assigned_by).filter(|_| !is_peer),
            declared_at: row.declared_at,
            conflict: row.conflict.filter(|_| !is_peer),
            scores: is_shown.then(|| row.scores.iter().map(CriterionScoreView::from).collect()),
            private_comment: row.private_comment.filter(|_| is_shown && !is_peer),
            public_comment: row.public_comment.filter(|_| is_shown),
            score: row.score.map(percent),
            submitted_at: row.submitted_at,
            replaced_by_id: row.replaced_by_id.filter(|_| reader == Reader::Overseer),
            replace_reason: row.replace_reason.filter(|_| reader == Reader::Overseer),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// Many reviews of one or several requests, in a bounded number of statements.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of_many(
        connection: &mut DbConnection,
        seen: &[SeenReview],
        today: NaiveDate,
    ) -> Result<Vec<Self>, AppError> {
        let names = names(connection, seen.iter().map(|it| it.row.reviewer_id))?;
        let pairs: Vec<Pair<'_>> = seen
            .iter()
            .map(|it| Pair { request: &it.request.row, pilot: &it.request.pilot, person: it.row.reviewer_id })
            .collect();
        let ties = ties(connection, &pairs)?;
        let person = |id| PersonView { id, name: names.get(&id).cloned().unwrap_or_default() };
        Ok(seen.iter().zip(&ties).map(|(it, ties)| Self::new(it, person(it.row.reviewer_id), ties, today)).collect())
    }

    /// One review.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(connection: &mut DbConnection, seen: SeenReview, today: NaiveDate) -> Result<Self, AppError> {
        let shown = Self::of_many(connection, &[seen], today)?;
        shown.into_iter().next().ok_or_else(|| AppError::internal("no review to show"))
    }
}

/// What people are called.
///
/// # Errors
/// Those of the database.
pub fn names(
    connection: &mut DbConnection,
    people: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, LocalizedText>, AppError> {
    let people: HashSet<UserId> = people.collect();
    let rows: Vec<(UserId, Option<String>, Option<String>)> = users::table
        .filter(users::id.eq_any(people))
        .select((users::id, users::name_bn, users::name_en))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, bn, en)| (id, LocalizedText::new(bn, en))).collect())
}
