//! All funds, in the order of their making.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{access::Stakes, facts::facts, rows::FundRow, status::FundStatus, view::FundView};
use crate::{
    features::funding::ids::FundId,
    platform::{
        db::{dialect::Backend, schema::funds},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which funds.
    ListFundsQuery {
        /// Those of this status.
        #[param(inline)]
        status: Option<FundStatus>,
    }
}

page_view! {
    /// A page of funds.
    FundPage of FundView
}

/// List funds.
///
/// In the order of their making, each with its capital.
#[utoipa::path(get, path = "/v1/funds", tag = "Funds", params(ListFundsQuery),
    responses((status = 200, description = "A page of funds.", body = FundPage)))]
pub async fn list_funds(call: Call) -> Answer {
    let query: ListFundsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let total = slice.total(|most| chosen(&query).select(funds::id).limit(most).load::<FundId>(connection))?;
        let mut rest = chosen(&query);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(funds::id.gt(after));
        }
        let rows: Vec<FundRow> =
            rest.order(funds::id).limit(slice.fetch()).select(FundRow::as_select()).load(connection)?;
        let ids: Vec<FundId> = rows.iter().map(|row| row.id).collect();
        let facts = facts(connection, &ids)?;
        let (stakes, actor) = (Stakes::of(connection, context.actor.as_ref())?, context.actor.as_ref());
        let cursor = |row: &FundRow| Cursor { key: String::new(), id: row.id.to_string() };
        FundPage::reply(context, &slice, rows, total, cursor, |row| {
            let facts = facts.get(&row.id).copied().unwrap_or_default();
            let standing = stakes.standing(actor, Some(row.id));
            FundView::new(row, &facts, &standing)
        })
    })
    .await
}

fn chosen(query: &ListFundsQuery) -> funds::BoxedQuery<'static, Backend> {
    let mut chosen = funds::table.into_boxed();
    if let Some(status) = query.status {
        chosen = chosen.filter(funds::status.eq(status));
    }
    chosen
}
