//! What a reviewer was asked to review: enough of each request to judge whether there is a conflict, before the file
//! opens.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{Reader, SeenReview},
    guards::{ReviewAction, allowed_actions},
    offices::{OfficeView, PersonAtWorkView, Teams, teams},
    rows::FundingReviewRow,
    status::ReviewStatus,
    ties::{OPEN, Pair, Ties, ties},
    view::percent,
};
use crate::{
    features::{
        funding::{
            ids::{FundingRequestId, FundingReviewId},
            requests::{FundingRequestRow, SeenRequest},
            rounds::RoundRow,
        },
        pilots::{PilotId, PilotRow},
    },
    platform::{
        auth::{Actor, FundingPart, Standing},
        clock::Timestamp,
        db::{
            dialect::Backend,
            schema::{funding_requests, funding_reviews, funding_rounds, pilots},
        },
        ids::UserId,
        quantity::Hundredths,
        text::LocalizedText,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which of one's reviews.
    ListMyFundingReviewsQuery {
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 5)]
        status: Option<Vec<ReviewStatus>>,
    }
}

page_view! {
    /// A page of one's reviews, the latest first.
    AssignedReviewPage of AssignedReviewView
}

/// What is to be reviewed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewedRequestView {
    /// The request.
    pub id: FundingRequestId,
    /// What people call it by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// Its pilot.
    pub pilot_id: PilotId,
    /// What people call that by.
    #[schema(max_length = 20, example = "PIL-2026-00042")]
    pub pilot_reference: Option<String>,
    /// The pilot's title.
    pub pilot_title: LocalizedText,
    /// The pilot's owner, who applies.
    pub applicant: PersonAtWorkView,
    /// Where the pilot is at home.
    pub organisation: OfficeView,
    /// Everyone in the pilot's team, the owner included.
    #[schema(max_items = 200)]
    pub team: Vec<PersonAtWorkView>,
}

/// A review that someone was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignedReviewView {
    /// Its identifier.
    pub id: FundingReviewId,
    /// What is to be reviewed, and whose it is.
    pub request: ReviewedRequestView,
    /// Where it stands.
    #[schema(inline)]
    pub status: ReviewStatus,
    /// By when it is to be handed in.
    pub due_on: NaiveDate,
    /// Whether that day has passed and it is not.
    pub is_overdue: bool,
    /// Percent of what is attainable, from the submit on.
    #[schema(value_type = Option<String>, max_length = 6, pattern = r"^[0-9]{1,3}\.[0-9]{2}$", example = "72.50")]
    pub score: Option<Hundredths>,
    /// When it was handed in.
    pub submitted_at: Option<Timestamp>,
    /// What the caller may do with it now.
    #[schema(inline, max_items = 5)]
    pub allowed_actions: Vec<ReviewAction>,
    /// Counts changes; the `ETag` of the review.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When the reviewer was assigned.
    pub created_at: Timestamp,
}

/// List the reviews you were asked for.
///
/// Each with what you need to judge whether you have a conflict: the pilot, who applies, where, and the whole team. The
/// file itself opens when you have declared to be free of conflicts.
#[utoipa::path(get, path = "/v1/funding-reviews", tag = "Funding reviews", params(ListMyFundingReviewsQuery),
    responses((status = 200, description = "A page of your reviews.", body = AssignedReviewPage)))]
pub async fn list_my_funding_reviews(call: Call) -> Answer {
    let query: ListMyFundingReviewsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let standing = Standing { logged_in: true, roles: actor.roles, reach: actor.reach, ..Standing::default() };
        context.permit("list_my_funding_reviews", &standing)?;
        let total = slice.total(|most| {
            let mine = mine(actor.user_id, query.status.as_deref());
            mine.select(funding_reviews::id).limit(most).load::<String>(connection)
        })?;
        let mut page = mine(actor.user_id, query.status.as_deref())
            .order(funding_reviews::id.desc())
            .limit(slice.fetch())
            .select(funding_reviews::id);
        if let Some(before) = slice.after_id() {
            page = page.filter(funding_reviews::id.lt(before));
        }
        let page: Vec<String> = page.load(connection)?;
        let mut rows: Vec<Row> = funding_reviews::table
            .inner_join(funding_requests::table.inner_join(funding_rounds::table).inner_join(pilots::table))
            .filter(funding_reviews::id.eq_any(page))
            .select((
                FundingReviewRow::as_select(),
                FundingRequestRow::as_select(),
                RoundRow::as_select(),
                PilotRow::as_select(),
            ))
            .load(connection)?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.0.id));
        let pilots: Vec<&PilotRow> = rows.iter().map(|(.., pilot)| pilot).collect();
        let teams = teams(connection, &pilots)?;
        let pairs: Vec<Pair<'_>> =
            rows.iter().map(|(_, request, _, pilot)| Pair { request, pilot, person: actor.user_id }).collect();
        let ties: HashMap<FundingReviewId, Ties> =
            rows.iter().map(|row| row.0.id).zip(ties(connection, &pairs)?).collect();
        let today = context.now().day_in_dhaka();
        let cursor = |row: &Row| Cursor { key: String::new(), id: row.0.id.to_string() };
        AssignedReviewPage::reply(context, &slice, rows, total, cursor, |row| {
            let ties = ties.get(&row.0.id).copied().unwrap_or_default();
            view(row, actor, &teams, &ties, today)
        })
    })
    .await
}

/// A review, its request, the round of that and its pilot.
type Row = (FundingReviewRow, FundingRequestRow, RoundRow, PilotRow);

fn mine(me: UserId, statuses: Option<&[ReviewStatus]>) -> funding_reviews::BoxedQuery<'static, Backend> {
    let all = funding_reviews::table.filter(funding_reviews::reviewer_id.eq(me)).into_boxed();
    match statuses {
        None => all,
        Some(statuses) => all.filter(funding_reviews::status.eq_any(statuses.to_vec())),
    }
}

fn view(row: Row, actor: &Actor, teams: &Teams, ties: &Ties, today: NaiveDate) -> AssignedReviewView {
    let (row, request, round, pilot) = row;
    let membership = teams.membership(pilot.id, actor.user_id);
    let standing = Standing {
        logged_in: true,
        roles: actor.roles,
        team: membership.is_some_and(|is_present| is_present),
        left_team: membership.is_some_and(|is_present| !is_present),
        funding: FundingPart { reviewer: true, ..FundingPart::default() },
        reach: actor.reach,
        ..Standing::default()
    };
    let review = Some(row.status);
    let request = SeenRequest { row: request, round, pilot, standing, reader: actor.user_id, review };
    let seen = SeenReview { row, request, reader: Reader::Author };
    let allowed_actions = allowed_actions(&seen, ties);
    let (row, request, pilot) = (seen.row, seen.request.row, seen.request.pilot);
    AssignedReviewView {
        allowed_actions,
        request: ReviewedRequestView {
            applicant: teams.member(pilot.id, pilot.owner_id),
            organisation: teams.office(pilot.organisation_id),
            team: teams.of(pilot.id),
            id: request.id,
            reference: request.reference,
            pilot_id: pilot.id,
            pilot_reference: pilot.reference,
            pilot_title: LocalizedText::new(pilot.title_bn, pilot.title_en),
        },
        id: row.id,
        status: row.status,
        due_on: row.due_on,
        is_overdue: OPEN.contains(&row.status) && row.due_on < today,
        score: row.score.map(percent),
        submitted_at: row.submitted_at,
        version: row.version,
        created_at: row.created_at,
    }
}
