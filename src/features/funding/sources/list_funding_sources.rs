//! The sources of a pilot, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{access::SeenSource, rows::FundingSourceRow, view::FundingSourceView};
use crate::{
    features::{
        funding::ids::FundingSourceId,
        pilots::{PilotId, see},
    },
    platform::{
        db::schema::funding_sources,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the sources.
    ListFundingSourcesQuery {}
}

page_view! {
    /// A page of funding sources, oldest first.
    FundingSourcePage of FundingSourceView
}

/// List a pilot's funding sources.
///
/// Oldest first, with those that were refused or withdrawn. Awards of the fund are not among them.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/funding-sources", tag = "Funding sources",
    params(ListFundingSourcesQuery),
    responses((status = 200, description = "A page of sources.", body = FundingSourcePage)))]
pub async fn list_funding_sources(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListFundingSourcesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let pilot = see(connection, Some(actor), id)?;
        let all = funding_sources::table.filter(funding_sources::pilot_id.eq(id));
        let mut rows =
            all.order(funding_sources::id).limit(slice.fetch()).select(FundingSourceRow::as_select()).into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(funding_sources::id.gt(after));
        }
        let rows: Vec<FundingSourceRow> = rows.load(connection)?;
        let total =
            slice.total(|most| all.select(funding_sources::id).limit(most).load::<FundingSourceId>(connection))?;
        FundingSourcePage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| FundingSourceView::new(SeenSource::new(row, pilot.clone(), actor)),
        )
    })
    .await
}
