//! The rounds of all funds, the latest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{facts::facts, rows::RoundRow, status::RoundStatus, view::FundingRoundView};
use crate::{
    features::funding::{
        funds::Stakes,
        ids::{FundId, RoundId},
    },
    platform::{
        db::{dialect::Backend, schema::funding_rounds},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which rounds.
    ListFundingRoundsQuery {
        /// Those of this fund.
        #[param(inline)]
        fund_id: Option<FundId>,
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 6)]
        status: Option<Vec<RoundStatus>>,
    }
}

page_view! {
    /// A page of rounds, the latest first.
    FundingRoundPage of FundingRoundView
}

/// List funding rounds.
///
/// The latest first, announced ones too.
#[utoipa::path(get, path = "/v1/funding-rounds", tag = "Funding rounds", params(ListFundingRoundsQuery),
    responses((status = 200, description = "A page of rounds.", body = FundingRoundPage)))]
pub async fn list_funding_rounds(call: Call) -> Answer {
    let query: ListFundingRoundsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let total =
            slice.total(|most| chosen(&query).select(funding_rounds::id).limit(most).load::<RoundId>(connection))?;
        let mut rest = chosen(&query);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(funding_rounds::id.lt(after));
        }
        let rows: Vec<RoundRow> = rest
            .order(funding_rounds::id.desc())
            .limit(slice.fetch())
            .select(RoundRow::as_select())
            .load(connection)?;
        let facts = facts(connection, &rows)?;
        let (actor, now) = (context.actor.as_ref(), context.now());
        let stakes = Stakes::of(connection, actor)?;
        let cursor = |row: &RoundRow| Cursor { key: String::new(), id: row.id.to_string() };
        FundingRoundPage::reply(context, &slice, rows, total, cursor, |row| {
            let facts = facts.get(&row.id).copied().unwrap_or_default();
            let standing = stakes.standing(actor, Some(row.fund_id));
            FundingRoundView::new(row, facts, &standing, now)
        })
    })
    .await
}

fn chosen(query: &ListFundingRoundsQuery) -> funding_rounds::BoxedQuery<'static, Backend> {
    let mut chosen = funding_rounds::table.into_boxed();
    if let Some(fund) = query.fund_id {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(statuses) = &query.status {
        chosen = chosen.filter(funding_rounds::status.eq_any(statuses.clone()));
    }
    chosen
}
