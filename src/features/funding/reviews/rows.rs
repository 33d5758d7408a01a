//! A review as it is stored.

use chrono::NaiveDate;
use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    insert_into, update,
};
use serde::Serialize;

use super::{content::CriterionScore, status::ReviewStatus};
use crate::{
    features::funding::ids::{FundingRequestId, FundingReviewId},
    platform::{
        clock::Timestamp,
        db::{json_list::JsonList, schema::funding_reviews},
        error::{AppError, DatabaseIntent, ErrorCode},
        ids::UserId,
        web::Tx,
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
    /// Why.
    pub replace_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Stores a new review and audits it.
///
/// # Errors
/// `AlreadyExists` when the person has or had one of this request.
pub fn insert(
    tx: &mut Tx<'_>,
    request_id: FundingRequestId,
    reviewer_id: UserId,
    due_on: NaiveDate,
) -> Result<FundingReviewRow, AppError> {
    let row = FundingReviewRow {
        id: tx.new_id(),
        request_id,
        reviewer_id,
        status: ReviewStatus::Assigned,
        assigned_by: tx.actor()?.user_id,
        due_on,
        declared_at: None,
        conflict: None,
        scores: JsonList::new(Vec::new()),
        private_comment: None,
        public_comment: None,
        score: None,
        submitted_at: None,
        replaced_by_id: None,
        replace_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let taken = AppError::new(ErrorCode::AlreadyExists);
    insert_into(funding_reviews::table).values(&row).execute(tx.conn).or_conflict(taken)?;
    tx.audit("funding_review", row.id.as_str(), None, Some(&row))?;
    Ok(row)
}

/// Stores a changed review under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &FundingReviewRow,
    after: FundingReviewRow,
) -> Result<FundingReviewRow, AppError> {
    let after = FundingReviewRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(funding_reviews::table.find(before.id).filter(funding_reviews::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "funding_review", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
