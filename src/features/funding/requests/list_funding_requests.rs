//! The requests of all pilots, latest first, for those who work on them.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::FundingRequestRow, status::RequestStatus, view::FundingRequestSummary};
use crate::{
    features::funding::{
        ids::{FundId, FundingRequestId, RoundId},
        rounds::RoundStatus,
    },
    platform::{
        db::schema::{funding_requests, funding_rounds, pilot_members},
        ids::UserId,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which requests.
    ListFundingRequestsQuery {
        /// To this round.
        #[param(inline)]
        round_id: Option<RoundId>,
        /// To a round of this fund.
        #[param(inline)]
        fund_id: Option<FundId>,
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 19)]
        status: Option<Vec<RequestStatus>>,
    }
}

page_view! {
    /// A page of funding requests, latest first.
    FundingRequestPage of FundingRequestSummary
}

/// From when on the requests of a sealed round are open to staff.
pub(super) const NOT_SEALED: &[RoundStatus] =
    &[RoundStatus::Closed, RoundStatus::Deciding, RoundStatus::Decided, RoundStatus::Archived];

/// Rounds of which nobody but the applicants sees a request yet.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn sealed_rounds() -> _ {
    let not_sealed: &'static [RoundStatus] = NOT_SEALED;
    funding_rounds::table
        .filter(funding_rounds::is_sealed.eq(true))
        .filter(funding_rounds::status.ne_all(not_sealed))
        .select(funding_rounds::id)
}

/// Rounds whose results are released.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn released_rounds() -> _ {
    funding_rounds::table.filter(funding_rounds::released_at.is_not_null()).select(funding_rounds::id)
}

/// Pilots in whose team someone is or was.
#[diesel::dsl::auto_type(no_type_alias)]
fn pilots_of(user: UserId) -> _ {
    pilot_members::table.filter(pilot_members::user_id.eq(user)).select(pilot_members::pilot_id)
}

/// The query of one stream: one status, or everything that was handed in. A macro, since its type cannot be written.
macro_rules! stream {
    ($query:expr, $me:expr, $status:expr) => {{
        let mut rows = funding_requests::table
            .filter(funding_requests::round_id.ne_all(sealed_rounds()))
            .filter(
                funding_requests::pilot_id
                    .ne_all(pilots_of($me))
                    .or(funding_requests::round_id.eq_any(released_rounds())),
            )
            .order(funding_requests::id.desc())
            .into_boxed();
        rows = match $status {
            Some(status) => rows.filter(funding_requests::status.eq(status)),
            None => rows.filter(funding_requests::status.ne(RequestStatus::Draft)),
        };
        if let Some(round) = $query.round_id {
            rows = rows.filter(funding_requests::round_id.eq(round));
        }
        if let Some(fund) = $query.fund_id {
            rows = rows.filter(funding_requests::fund_id.eq(fund));
        }
        rows
    }};
}

/// What is asked for as ranges of indexes: each status is one.
fn statuses(query: &ListFundingRequestsQuery) -> Vec<Option<RequestStatus>> {
    let Some(asked) = &query.status else { return vec![None] };
    let mut asked: Vec<RequestStatus> =
        asked.iter().copied().filter(|status| *status != RequestStatus::Draft).collect();
    asked.sort_unstable();
    asked.dedup();
    asked.into_iter().map(Some).collect()
}

/// List funding requests.
///
/// What was handed in, the latest first. Left out are requests to a sealed round that is not closed, and those of pilots
/// in whose team you are until the results of their round are released.
#[utoipa::path(get, path = "/v1/funding-requests", tag = "Funding requests", params(ListFundingRequestsQuery),
    responses((status = 200, description = "A page of requests.", body = FundingRequestPage)))]
pub async fn list_funding_requests(call: Call) -> Answer {
    let query: ListFundingRequestsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let me = context.user()?.user_id;
        let mut rows: Vec<FundingRequestRow> = Vec::new();
        for status in statuses(&query) {
            let mut stream = stream!(query, me, status).limit(slice.fetch()).select(FundingRequestRow::as_select());
            if let Some(after) = slice.after_id() {
                stream = stream.filter(funding_requests::id.lt(after));
            }
            rows.extend(stream.load(connection)?);
        }
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
        rows.truncate(usize::try_from(slice.fetch()).unwrap_or(usize::MAX));
        let total = slice.total(|most| {
            let mut ids: Vec<FundingRequestId> = Vec::new();
            for status in statuses(&query) {
                let found = stream!(query, me, status).limit(most).select(funding_requests::id);
                ids.extend(found.load::<FundingRequestId>(connection)?);
            }
            Ok(ids)
        })?;
        FundingRequestPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| FundingRequestSummary::new(row, true, None),
        )
    })
    .await
}
