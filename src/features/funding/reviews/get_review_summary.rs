//! What the reviews of a request come to: for the fund with names, for the pilot's team after the release without.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::has_panel_begun,
    rows::FundingReviewRow,
    score::Outcome,
    status::ReviewStatus,
    view::{names, percent},
};
use crate::{
    features::{
        funding::{
            ids::{FundingRequestId, FundingReviewId},
            requests::{SeenRequest, see_request},
        },
        pilots::PersonView,
    },
    platform::{
        auth::Standing,
        db::{DbConnection, schema::funding_reviews},
        error::{AppError, ErrorCode},
        quantity::Hundredths,
        web::{Answer, Call, Reply},
    },
};

/// A review that is in, as far as the reader is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SummarisedReviewView {
    /// Its identifier; told to staff.
    pub review_id: Option<FundingReviewId>,
    /// Who wrote it; told to staff.
    pub reviewer: Option<PersonView>,
    /// Percent of what is attainable; told to staff.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "72.50")]
    pub score: Option<Hundredths>,
    /// What the applicant is told, after the release.
    #[schema(max_length = 5000)]
    pub public_comment: Option<String>,
}

/// What the reviews of a request come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewSummaryView {
    /// The request.
    pub request_id: FundingRequestId,
    /// What people call it by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub request_reference: Option<String>,
    /// So many reviews the round asks for.
    #[schema(minimum = 1, maximum = 10)]
    pub minimum_reviewers: i32,
    /// So many are in.
    #[schema(minimum = 0)]
    pub submitted_reviews: i32,
    /// The mean of those that are in: percent of what is attainable.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "68.75")]
    pub score: Option<Hundredths>,
    /// Percentage points between the highest and the lowest; told to staff.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "12.50")]
    pub spread: Option<Hundredths>,
    /// Whether that is more than the round takes for granted; told to staff.
    pub is_spread_high: Option<bool>,
    /// The reviews that are in; to the team those with a comment for them.
    #[schema(max_items = 20)]
    pub reviews: Vec<SummarisedReviewView>,
}

/// Read what the reviews of a funding request come to.
///
/// Staff of the fund outside the pilot's team read it at any time, but for those who review the request themselves: they have
/// to hand in first, and to wait for the panel. The pilot's team reads it once the results of the round are released:
/// the overall score and the comments that are meant for it, never a name.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/review-summary", tag = "Funding reviews",
    responses((status = 200, description = "The outcome of the reviews.", body = ReviewSummaryView)))]
pub async fn get_review_summary(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit(line(&seen.standing), &seen.standing)?;
        if let Some(obstacle) = obstacle(&seen) {
            return Err(obstacle);
        }
        Reply::ok(&summary(connection, &seen)?)
    })
    .await
}

/// As what someone reads it. Whoever is in the team reads what the team does, whatever else they are.
fn line(standing: &Standing) -> &'static str {
    if standing.team { "get_review_summary.team" } else { "get_review_summary.staff" }
}

/// Why it is not time yet for this reader.
fn obstacle(seen: &SeenRequest) -> Option<AppError> {
    if seen.standing.team {
        return seen.round.released_at.is_none().then(|| {
            AppError::forbidden("The results of the round are not released yet.", "পর্বের ফলাফল এখনো প্রকাশ করা হয়নি।")
        });
    }
    let is_blind = seen.review.is_some_and(|own| own != ReviewStatus::Submitted || !has_panel_begun(seen.row.status));
    is_blind.then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You have a part in reviewing this request: you see the others' reviews when yours is in and the panel has begun.",
            "আপনি এই আবেদনের মূল্যায়নে যুক্ত: আপনার মূল্যায়ন জমা ও প্যানেল শুরু হলে অন্যদের মূল্যায়ন দেখতে পাবেন।",
        )
    })
}

fn summary(connection: &mut DbConnection, seen: &SeenRequest) -> Result<ReviewSummaryView, AppError> {
    let rows: Vec<FundingReviewRow> = funding_reviews::table
        .filter(funding_reviews::request_id.eq(seen.row.id))
        .filter(funding_reviews::status.eq(ReviewStatus::Submitted))
        .order(funding_reviews::id)
        .select(FundingReviewRow::as_select())
        .load(connection)?;
    let scores: Vec<i32> = rows.iter().filter_map(|row| row.score).collect();
    let outcome = Outcome::of(&scores, seen.round.spread_threshold);
    let is_staff = !seen.standing.team;
    let names = names(connection, rows.iter().map(|row| row.reviewer_id))?;
    let shown = |row: FundingReviewRow| SummarisedReviewView {
        review_id: is_staff.then_some(row.id),
        reviewer: is_staff.then(|| PersonView {
            id: row.reviewer_id,
            name: names.get(&row.reviewer_id).cloned().unwrap_or_default(),
        }),
        score: row.score.filter(|_| is_staff).map(percent),
        public_comment: row.public_comment,
    };
    let told = rows.into_iter().filter(|row| is_staff || row.public_comment.is_some());
    Ok(ReviewSummaryView {
        reviews: told.map(shown).collect(),
        request_id: seen.row.id,
        request_reference: seen.row.reference.clone(),
        minimum_reviewers: seen.round.minimum_reviewers,
        submitted_reviews: outcome.count,
        score: outcome.score.map(percent),
        spread: outcome.spread.filter(|_| is_staff).map(percent),
        is_spread_high: is_staff.then_some(outcome.is_spread_high),
    })
}
