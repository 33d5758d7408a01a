//! The ledger of a fund, line by line.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{kind::EntryKind, rows::LedgerEntryRow, view::LedgerEntryView};
use crate::{
    features::funding::{
        funds::{find_fund, standing},
        ids::{FundId, FundingRequestId, LedgerEntryId, RoundId},
    },
    platform::{
        db::{dialect::Backend, schema::ledger_entries},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which lines.
    ListLedgerEntriesQuery {
        /// Those of this round.
        #[param(inline)]
        round_id: Option<RoundId>,
        /// Those of this funding request.
        #[param(inline)]
        request_id: Option<FundingRequestId>,
        /// Those of these kinds.
        #[param(inline, min_items = 1, max_items = 10)]
        kind: Option<Vec<EntryKind>>,
    }
}

page_view! {
    /// A page of lines, in the order of the ledger.
    LedgerEntryPage of LedgerEntryView
}

/// List the lines of a fund's ledger.
///
/// In their order, which has no gaps unless it is filtered. For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/funds/{fund_id}/ledger", tag = "Funds", params(ListLedgerEntriesQuery),
    responses((status = 200, description = "A page of lines.", body = LedgerEntryPage)))]
pub async fn list_ledger_entries(call: Call) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    let query: ListLedgerEntriesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("list_ledger_entries", &standing(connection, context.actor.as_ref(), id)?)?;
        let total = slice.total(|most| {
            chosen(id, &query).select(ledger_entries::id).limit(most).load::<LedgerEntryId>(connection)
        })?;
        let mut rest = chosen(id, &query);
        if let Some(seq) = slice.after.as_ref().and_then(|after| after.key.parse::<i64>().ok()) {
            rest = rest.filter(ledger_entries::seq.gt(seq));
        }
        let rows: Vec<LedgerEntryRow> = rest
            .order(ledger_entries::seq)
            .limit(slice.fetch())
            .select(LedgerEntryRow::as_select())
            .load(connection)?;
        let cursor = |row: &LedgerEntryRow| Cursor { key: row.seq.to_string(), id: row.id.to_string() };
        LedgerEntryPage::reply(context, &slice, rows, total, cursor, LedgerEntryView::from)
    })
    .await
}

fn chosen(fund: FundId, query: &ListLedgerEntriesQuery) -> ledger_entries::BoxedQuery<'static, Backend> {
    let mut chosen = ledger_entries::table.filter(ledger_entries::fund_id.eq(fund)).into_boxed();
    if let Some(round) = query.round_id {
        chosen = chosen.filter(ledger_entries::round_id.eq(round));
    }
    if let Some(request) = query.request_id {
        chosen = chosen.filter(ledger_entries::request_id.eq(request));
    }
    if let Some(kinds) = &query.kind {
        chosen = chosen.filter(ledger_entries::kind.eq_any(kinds.clone()));
    }
    chosen
}
