//! One line of a ledger.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::LedgerEntryRow, view::LedgerEntryView};
use crate::{
    features::funding::{funds::standing, ids::LedgerEntryId},
    platform::{
        db::schema::ledger_entries,
        error::DatabaseIntent,
        web::{Answer, Call, Reply},
    },
};

/// Read a line of the ledger.
///
/// With what there is after it. For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/ledger-entries/{entry_id}", tag = "Funds",
    responses((status = 200, description = "The line.", body = LedgerEntryView)))]
pub async fn get_ledger_entry(call: Call) -> Answer {
    let id = call.id("entry_id", LedgerEntryId::parse)?;
    call.read(move |connection, context| {
        let row: LedgerEntryRow = ledger_entries::table
            .filter(ledger_entries::id.eq(id))
            .select(LedgerEntryRow::as_select())
            .first(connection)
            .or_not_found()?;
        context.permit("get_ledger_entry", &standing(connection, context.actor.as_ref(), row.fund_id)?)?;
        Reply::record(1, &LedgerEntryView::from(row))
    })
    .await
}
