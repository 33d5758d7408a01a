//! Reviews that the caller was asked for.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        funding::{ids::FundingReviewId, requests::RequestStatus, reviews::ReviewStatus},
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            bars::never_in_team,
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{funding_requests, funding_reviews, pilot_members, pilots},
        },
        error::AppError,
    },
};

/// A review: which, the request's reference, the pilot's title, since when it waits, until when.
type Row = (FundingReviewId, Option<String>, Title, Timestamp, NaiveDate);

/// Reviews of one status: those whose conflict is to be declared, and those to be written.
pub struct Reviews(pub ReviewStatus);

impl TaskSource for Reviews {
    fn roles(&self) -> &'static [Role] {
        &[Role::Reviewer]
    }

    fn read_by(&self) -> &'static str {
        "get_funding_review"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        // A review can be declared as soon as it is assigned, and handed in while the request is under review.
        let reviewing = [RequestStatus::Eligibility, RequestStatus::UnderReview];
        let rows: Vec<Row> = funding_reviews::table
            .inner_join(funding_requests::table.inner_join(pilots::table))
            .filter(funding_reviews::reviewer_id.eq(viewer.me()))
            .filter(funding_reviews::status.eq(self.0))
            .filter(funding_requests::status.eq_any(reviewing))
            .filter(never_in_team!(viewer.me()))
            .order(funding_reviews::id)
            .limit(MOST + 1)
            .select((
                funding_reviews::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                funding_reviews::updated_at,
                funding_reviews::due_on,
            ))
            .load(connection)?;
        let (kind, en, bn) = match self.0 {
            ReviewStatus::Assigned => (
                TaskKind::ConflictDeclaration,
                "Say whether you have a conflict of interest",
                "স্বার্থের দ্বন্দ্ব আছে কি না জানান",
            ),
            ReviewStatus::Declared | ReviewStatus::Submitted | ReviewStatus::Recused | ReviewStatus::Replaced => {
                (TaskKind::Review, "Review a request", "আবেদন মূল্যায়ন করুন")
            }
        };
        let task = |(id, reference, title, since, due_on): Row| Task {
            kind,
            title: about(en, bn, title),
            path: format!("/v1/funding-reviews/{id}"),
            reference,
            due_on: Some(due_on),
            since,
        };
        Ok(rows.into_iter().map(task).collect())
    }
}
