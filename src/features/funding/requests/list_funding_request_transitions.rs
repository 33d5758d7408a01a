//! The history of a request, as far as the caller is told.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{SeenRequest, see_request},
    rows::RequestTransitionRow,
    status::{RequestMove, RequestStatus},
};
use crate::{
    features::funding::ids::{FundingRequestId, RequestTransitionId},
    platform::{
        clock::Timestamp,
        db::schema::funding_request_transitions,
        ids::UserId,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the history.
    ListFundingRequestTransitionsQuery {}
}

/// A step of a request's history.
#[derive(Serialize, ToSchema)]
pub struct FundingRequestTransitionView {
    /// Its identifier.
    pub id: RequestTransitionId,
    /// What was done.
    #[schema(inline)]
    pub action: RequestMove,
    /// From where.
    #[schema(inline)]
    pub from_status: RequestStatus,
    /// To where.
    #[schema(inline)]
    pub to_status: RequestStatus,
    /// By whom; null where the system did it, and to the applicant where a recommendation was made.
    pub actor_id: Option<UserId>,
    /// Why; null to the applicant where a recommendation was made.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

page_view! {
    /// A page of a request's history, oldest first.
    FundingRequestTransitionPage of FundingRequestTransitionView
}

impl FundingRequestTransitionView {
    fn new(row: RequestTransitionRow, seen: &SeenRequest) -> Self {
        let is_shown = row.command != RequestMove::Recommend || seen.standing.roles.is_staff() && !seen.standing.team;
        Self {
            id: row.id,
            action: row.command,
            from_status: row.from_status.as_told(seen.is_told()),
            to_status: row.to_status,
            actor_id: row.actor_id.filter(|_| is_shown),
            reason: row.reason.filter(|_| is_shown),
            at: row.at,
        }
    }
}

/// Read a funding request's history.
///
/// Every move since its first, oldest first; nothing of it is ever changed. Its team reads of the panel and of decisions
/// when the results of the round are released.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/transitions", tag = "Funding requests",
    params(ListFundingRequestTransitionsQuery),
    responses((status = 200, description = "A page of the history.", body = FundingRequestTransitionPage)))]
pub async fn list_funding_request_transitions(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListFundingRequestTransitionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        seen.check_file_open()?;
        let hidden: &[RequestStatus] = if seen.is_told() { &[] } else { RequestStatus::UNTOLD };
        let told = funding_request_transitions::table
            .filter(funding_request_transitions::request_id.eq(id))
            .filter(funding_request_transitions::to_status.ne_all(hidden));
        let mut rows = told
            .clone()
            .order(funding_request_transitions::id)
            .limit(slice.fetch())
            .select(RequestTransitionRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(funding_request_transitions::id.gt(after));
        }
        let rows: Vec<RequestTransitionRow> = rows.load(connection)?;
        let total = slice.total(|most| {
            told.select(funding_request_transitions::id).limit(most).load::<RequestTransitionId>(connection)
        })?;
        FundingRequestTransitionPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| FundingRequestTransitionView::new(row, &seen),
        )
    })
    .await
}
