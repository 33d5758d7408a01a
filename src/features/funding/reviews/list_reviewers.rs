//! Who could review: how much each has to do already, and why they are excluded from a request.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{
    ExpressionMethods, QueryDsl, RunQueryDsl,
    dsl::{count_star, min},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::has_panel_begun,
    offices::{OfficeView, offices},
    status::ReviewStatus,
    ties::{OPEN, Pair, ties},
};
use crate::{
    features::{
        funding::{
            ids::FundingRequestId,
            requests::{RequestStatus, SeenRequest, see_request},
        },
        pilots::PersonView,
    },
    platform::{
        auth::{Role, Standing},
        db::{
            DbConnection,
            schema::{funding_requests, funding_reviews, user_roles, users},
        },
        error::{AppError, FieldError},
        ids::{OrganisationId, UserId},
        text::LocalizedText,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which reviewers.
    ListReviewersQuery {
        /// For which request it is to be told who is excluded.
        #[param(inline)]
        request_id: Option<FundingRequestId>,
    }
}

page_view! {
    /// A page of reviewers.
    ReviewerPage of ReviewerView
}

/// Why someone cannot review a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExclusionView {
    /// As a word, the same as in the refusal of `assign_reviewer`.
    #[schema(max_length = 60, example = "same_office")]
    pub code: String,
    /// As a sentence.
    pub detail: LocalizedText,
}

/// Someone who reviews.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReviewerView {
    /// Who.
    pub person: PersonView,
    /// Where they work.
    pub organisation: Option<OfficeView>,
    /// So many reviews they have still to hand in, of requests that are not before the panel yet.
    #[schema(minimum = 0)]
    pub open_reviews: i64,
    /// When the first of them is due.
    pub earliest_due_on: Option<NaiveDate>,
    /// So many they have handed in.
    #[schema(minimum = 0)]
    pub submitted_reviews: i64,
    /// Why they cannot review the request that was asked for; empty: they can; null: none was asked for.
    #[schema(max_items = 20)]
    pub exclusions: Option<Vec<ExclusionView>>,
}

/// List reviewers.
///
/// Everyone with an active account and the role, with their workload. With `request_id` of a request to which the caller
/// may assign reviewers, each with the reasons for which they are excluded from it.
#[utoipa::path(get, path = "/v1/reviewers", tag = "Funding reviews", params(ListReviewersQuery),
    responses((status = 200, description = "A page of reviewers.", body = ReviewerPage)))]
pub async fn list_reviewers(call: Call) -> Answer {
    let query: ListReviewersQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let standing = Standing { logged_in: true, roles: actor.roles, reach: actor.reach, ..Standing::default() };
        context.permit("list_reviewers", &standing)?;
        let request = query.request_id.map(|id| see_request(connection, Some(actor), id)).transpose()?;
        if let Some(request) = &request {
            // That someone reviews it already is one of the reasons, and not for everyone to know.
            context.permit("assign_reviewer", &request.standing)?;
        }
        let all = user_roles::table
            .inner_join(users::table)
            .filter(user_roles::role.eq(Role::Reviewer))
            .filter(users::status.eq("active"));
        let total = slice.total(|most| all.select(user_roles::user_id).limit(most).load::<UserId>(connection))?;
        let mut rows = all
            .order(user_roles::user_id)
            .limit(slice.fetch())
            .select((user_roles::user_id, (users::name_bn, users::name_en), users::organisation_id))
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(user_roles::user_id.gt(after));
        }
        let rows: Vec<Row> = rows.load(connection)?;
        let people: Vec<UserId> = rows.iter().map(|row| row.0).collect();
        let names = offices(connection, rows.iter().filter_map(|row| row.2).collect())?;
        let work = Workload::of(connection, &people)?;
        let excluded = request.map(|request| exclusions(connection, &request, &people)).transpose()?;
        let cursor = |row: &Row| Cursor { key: String::new(), id: row.0.to_string() };
        ReviewerPage::reply(context, &slice, rows, total, cursor, |(id, (bn, en), office)| {
            let (open_reviews, earliest_due_on) = work.open.get(&id).copied().unwrap_or_default();
            ReviewerView {
                person: PersonView { id, name: LocalizedText::new(bn, en) },
                organisation: office.map(|id| OfficeView { id, name: names.get(&id).cloned().unwrap_or_default() }),
                open_reviews,
                earliest_due_on,
                submitted_reviews: work.submitted.get(&id).copied().unwrap_or(0),
                exclusions: excluded.as_ref().map(|all| all.get(&id).cloned().unwrap_or_default()),
            }
        })
    })
    .await
}

/// A reviewer: who, their name, where they work.
type Row = (UserId, (Option<String>, Option<String>), Option<OrganisationId>);

/// What people have to do, and have done.
struct Workload {
    open: HashMap<UserId, (i64, Option<NaiveDate>)>,
    submitted: HashMap<UserId, i64>,
}

impl Workload {
    fn of(connection: &mut DbConnection, people: &[UserId]) -> Result<Self, AppError> {
        let reviewing: Vec<RequestStatus> = RequestStatus::ALL
            .iter()
            .copied()
            .filter(|status| !has_panel_begun(*status) && !status.is_final())
            .collect();
        let open: Vec<(UserId, i64, Option<NaiveDate>)> = funding_reviews::table
            .inner_join(funding_requests::table)
            .filter(funding_reviews::reviewer_id.eq_any(people))
            .filter(funding_reviews::status.eq_any(OPEN))
            .filter(funding_requests::status.eq_any(reviewing))
            .group_by(funding_reviews::reviewer_id)
            .select((funding_reviews::reviewer_id, count_star(), min(funding_reviews::due_on)))
            .load(connection)?;
        let submitted: Vec<(UserId, i64)> = funding_reviews::table
            .filter(funding_reviews::reviewer_id.eq_any(people))
            .filter(funding_reviews::status.eq(ReviewStatus::Submitted))
            .group_by(funding_reviews::reviewer_id)
            .select((funding_reviews::reviewer_id, count_star()))
            .load(connection)?;
        Ok(Self {
            open: open.into_iter().map(|(id, count, due_on)| (id, (count, due_on))).collect(),
            submitted: submitted.into_iter().collect(),
        })
    }
}

fn exclusions(
    connection: &mut DbConnection,
    request: &SeenRequest,
    people: &[UserId],
) -> Result<HashMap<UserId, Vec<ExclusionView>>, AppError> {
    let pairs: Vec<Pair<'_>> =
        people.iter().map(|person| Pair { request: &request.row, pilot: &request.pilot, person: *person }).collect();
    let shown = |reason: FieldError| ExclusionView {
        code: reason.code.to_owned(),
        detail: LocalizedText::new(Some(reason.detail.bn().into_owned()), Some(reason.detail.en.into_owned())),
    };
    let all = ties(connection, &pairs)?;
    Ok(people.iter().zip(all).map(|(id, ties)| (*id, ties.exclusions().into_iter().map(shown).collect())).collect())
}
