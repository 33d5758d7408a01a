//! Assigning a reviewer. Who is tied to the request is excluded by the system, and told all the reasons at once.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see_review,
    guards::assignment_obstacle,
    rows::{FundingReviewRow, insert},
    status::ReviewStatus,
    ties::{Pair, ties},
    view::FundingReviewView,
};
use crate::{
    features::funding::{
        ids::FundingRequestId,
        requests::{SeenRequest, see_request},
    },
    platform::{
        db::schema::{funding_reviews, users},
        error::{AppError, FieldError},
        ids::UserId,
        text::Bilingual,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Who, and by when.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reviewer_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "due_on": "2026-08-31"}))]
pub struct AssignReviewerRequest {
    /// The reviewer; `list_reviewers` tells who is free.
    pub reviewer_id: UserId,
    /// By when the review is to be handed in; not in the past.
    pub due_on: NaiveDate,
}

/// Assign a reviewer to a funding request.
///
/// In `eligibility` or `under_review`, by a fund officer who has no other part in it. Refused, with every reason by its
/// code, for who is not a reviewer, has no active account, is or was in the pilot's team or owns it, works in the office
/// of the owner or of the pilot or in one above or below it, recommended or approved the request, or has a review of it
/// already. The reviewer first declares to be free of conflicts; until then the file is closed to them.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/reviews", tag = "Funding reviews",
    request_body = AssignReviewerRequest,
    responses((status = 201, description = "The review, assigned.", body = FundingReviewView)))]
pub async fn assign_reviewer(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("assign_reviewer", &seen.standing)
    })
    .await?;
    let request: AssignReviewerRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &AssignReviewerRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit("assign_reviewer", &seen.standing)?;
    let row = assign(tx, &seen, request.reviewer_id, request.due_on)?;
    let shown = see_review(tx.conn, Some(&actor), row.id)?;
    let view = FundingReviewView::of(tx.conn, shown, tx.now.day_in_dhaka())?;
    Reply::created(format!("/v1/funding-reviews/{}", row.id), row.version, &view)
}

/// At most so many review one request.
const MOST: i64 = 20;

fn enough_already(tx: &mut Tx<'_>, seen: &SeenRequest) -> Result<Option<FieldError>, AppError> {
    let reviewing = [ReviewStatus::Assigned, ReviewStatus::Declared, ReviewStatus::Submitted];
    let count: i64 = funding_reviews::table
        .filter(funding_reviews::request_id.eq(seen.row.id))
        .filter(funding_reviews::status.eq_any(reviewing))
        .count()
        .get_result(tx.conn)?;
    Ok((count >= MOST).then(|| {
        let (en, bn) = (format!("{MOST} review it already."), format!("ইতিমধ্যে {MOST} জন মূল্যায়ন করছেন।"));
        FieldError::condition("enough_reviewers", Bilingual::new(en, bn))
    }))
}

/// Gives someone a review of a request, if nothing speaks against it.
///
/// # Errors
/// `ValidationFailed`, `TransitionNotAllowed`, `ConditionsUnmet` with every tie.
pub fn assign(
    tx: &mut Tx<'_>,
    seen: &SeenRequest,
    reviewer: UserId,
    due_on: NaiveDate,
) -> Result<FundingReviewRow, AppError> {
    let known: Option<UserId> = users::table.find(reviewer).select(users::id).first(tx.conn).optional()?;
    let mut wrong = Vec::new();
    if known.is_none() {
        wrong.push(FieldError::unknown_reference("/reviewer_id"));
    }
    if due_on < tx.now.day_in_dhaka() {
        wrong.push(FieldError::body("/due_on", "in_the_past", "This day has passed.", "এই দিনটি পার হয়ে গেছে।"));
    }
    if !wrong.is_empty() {
        return Err(AppError::validation(wrong));
    }
    if let Some(obstacle) = assignment_obstacle(seen.row.status) {
        return Err(obstacle);
    }
    let pair = Pair { request: &seen.row, pilot: &seen.pilot, person: reviewer };
    let mut reasons: Vec<FieldError> = ties(tx.conn, &[pair])?.iter().flat_map(|it| it.exclusions()).collect();
    reasons.extend(enough_already(tx, seen)?);
    if !reasons.is_empty() {
        return Err(AppError::conditions(reasons));
    }
    insert(tx, seen.row.id, reviewer, due_on)
}
