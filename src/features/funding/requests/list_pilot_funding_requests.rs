//! The requests of one pilot, oldest first.

use std::collections::HashMap;

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    list_funding_requests::NOT_SEALED, rows::FundingRequestRow, status::RequestStatus, told,
    view::FundingRequestSummary,
};
use crate::{
    features::{
        funding::ids::FundingRequestId,
        pilots::{PilotId, see},
    },
    platform::{
        clock::Timestamp,
        db::schema::{funding_requests, funding_rounds},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the requests.
    ListPilotFundingRequestsQuery {}
}

page_view! {
    /// A page of a pilot's funding requests, oldest first.
    PilotFundingRequestPage of FundingRequestSummary
}

/// List a pilot's funding requests.
///
/// For its team and for staff, oldest first. Staff see a request from the submit on, in a sealed round from its closing on.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/funding-requests", tag = "Funding requests",
    params(ListPilotFundingRequestsQuery),
    responses((status = 200, description = "A page of requests.", body = PilotFundingRequestPage)))]
pub async fn list_pilot_funding_requests(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPilotFundingRequestsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let pilot = see(connection, context.actor.as_ref(), id)?;
        context.permit("list_pilot_funding_requests", &pilot.standing)?;
        let in_team = pilot.standing.team;
        let matching = || {
            let mut rows = funding_requests::table
                .inner_join(funding_rounds::table)
                .filter(funding_requests::pilot_id.eq(id))
                .into_boxed();
            if !in_team {
                let is_open = funding_rounds::is_sealed.eq(false).or(funding_rounds::status.eq_any(NOT_SEALED));
                rows = rows.filter(funding_requests::status.ne(RequestStatus::Draft).and(is_open));
            }
            rows
        };
        let mut rows = matching()
            .order(funding_requests::id)
            .limit(slice.fetch())
            .select((FundingRequestRow::as_select(), funding_rounds::released_at));
        if let Some(after) = slice.after_id() {
            rows = rows.filter(funding_requests::id.gt(after));
        }
        let rows: Vec<(FundingRequestRow, Option<Timestamp>)> = rows.load(connection)?;
        let total = slice
            .total(|most| matching().select(funding_requests::id).limit(most).load::<FundingRequestId>(connection))?;
        let marks = if in_team {
            told::marks(connection, &rows.iter().map(|(row, _)| row).collect::<Vec<_>>())?
        } else {
            HashMap::new()
        };
        PilotFundingRequestPage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, _)| Cursor { key: String::new(), id: row.id.to_string() },
            |(row, released_at)| {
                let mark = marks.get(&row.id).copied();
                FundingRequestSummary::new(row, !in_team || released_at.is_some(), mark)
            },
        )
    })
    .await
}
