//! What was decided on a request, out of its history: by whom, why, and how much.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::decisions::{DECISIONS, amounts_of};
use crate::{
    features::{
        funding::{
            ids::{FundingRequestId, RequestTransitionId},
            requests::{RequestMove, RequestStatus, RequestTransitionRow, see_request},
        },
        pilots::PersonView,
    },
    platform::{
        clock::Timestamp,
        db::{
            dialect::Backend,
            schema::{funding_request_transitions, users},
        },
        ids::UserId,
        money::Money,
        text::LocalizedText,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the decisions.
    ListFundingDecisionsQuery {}
}

page_view! {
    /// A page of decisions, oldest first.
    FundingDecisionPage of FundingDecisionView
}

/// A decision on a request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundingDecisionView {
    /// Its identifier.
    pub id: RequestTransitionId,
    /// What was decided.
    #[schema(inline)]
    pub decision: RequestMove,
    /// Where the request stood.
    #[schema(inline)]
    pub from_status: RequestStatus,
    /// Where it led.
    #[schema(inline)]
    pub to_status: RequestStatus,
    /// How much was held, promised or let go by it; null: nothing.
    pub amount: Option<Money>,
    /// Who decided; null is: the system, when money was freed.
    pub decided_by: Option<PersonView>,
    /// Why.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// List the decisions on a funding request.
///
/// For staff of the fund outside the pilot's team: recommendations, awards, refusals, waits, moves up the list of those who
/// wait, and lapses, oldest first. A first approval of two is on the request itself until the second decides.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/decisions", tag = "Awards",
    params(ListFundingDecisionsQuery),
    responses((status = 200, description = "A page of decisions.", body = FundingDecisionPage)))]
pub async fn list_funding_decisions(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListFundingDecisionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("list_funding_decisions", &seen.standing)?;
        let total = slice.total(|most| {
            of_request(id).select(funding_request_transitions::id).limit(most).load::<String>(connection)
        })?;
        let mut rows = of_request(id);
        if let Some(after) = slice.after_id() {
            rows = rows.filter(funding_request_transitions::id.gt(after));
        }
        let rows: Vec<RequestTransitionRow> = rows
            .order(funding_request_transitions::id)
            .limit(slice.fetch())
            .select(RequestTransitionRow::as_select())
            .load(connection)?;
        let amounts = amounts_of(connection, &rows)?;
        let people: Vec<(UserId, Option<String>, Option<String>)> = users::table
            .filter(users::id.eq_any(rows.iter().filter_map(|row| row.actor_id)))
            .select((users::id, users::name_bn, users::name_en))
            .load(connection)?;
        let person = |id: UserId| {
            let found = people.iter().find(|person| person.0 == id);
            let name = found.map(|(_, bn, en)| LocalizedText::new(bn.clone(), en.clone()));
            PersonView { id, name: name.unwrap_or_default() }
        };
        let cursor = |row: &RequestTransitionRow| Cursor { key: String::new(), id: row.id.to_string() };
        FundingDecisionPage::reply(context, &slice, rows, total, cursor, |row| FundingDecisionView {
            amount: amounts.get(&row.id).copied().map(Money::from_poisha),
            decided_by: row.actor_id.map(person),
            id: row.id,
            decision: row.command,
            from_status: row.from_status,
            to_status: row.to_status,
            reason: row.reason,
            at: row.at,
        })
    })
    .await
}

fn of_request(id: FundingRequestId) -> funding_request_transitions::BoxedQuery<'static, Backend> {
    funding_request_transitions::table
        .filter(funding_request_transitions::request_id.eq(id))
        .filter(funding_request_transitions::command.eq_any(DECISIONS.map(|(step, _)| step)))
        .into_boxed()
}
