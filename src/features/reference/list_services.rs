//! The services, in the order of their making.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::services::{ServiceRow, ServiceView};
use crate::platform::{
    db::{DbConnection, dialect, schema::services},
    ids::{OrganisationId, ServiceId},
    text::search_words,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which services.
    ListServicesQuery {
        /// Those of this sector.
        #[param(min_length = 1, max_length = 60)]
        sector: Option<String>,
        /// Those that this organisation itself answers for.
        #[param(inline)]
        organisation: Option<OrganisationId>,
        /// Those whose name has these words, in Bangla or English; the last word may be only begun.
        #[param(min_length = 1, max_length = 200)]
        q: Option<String>,
    }
}

page_view! {
    /// A page of services.
    ServicePage of ServiceView
}

/// List services.
///
/// In the order of their making.
#[utoipa::path(get, path = "/v1/services", tag = "Reference", params(ListServicesQuery),
    responses((status = 200, description = "A page of services.", body = ServicePage)))]
pub async fn list_services(call: Call) -> Answer {
    let query: ListServicesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let total = slice.total(|most| {
            let all = filtered(connection, &query);
            all.select(services::id).limit(most).load::<ServiceId>(connection)
        })?;
        let mut rest = filtered(connection, &query);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(services::id.gt(after));
        }
        let rows: Vec<ServiceRow> =
            rest.order(services::id).limit(slice.fetch()).select(ServiceRow::as_select()).load(connection)?;
        let cursor = |row: &ServiceRow| Cursor { key: String::new(), id: row.id.to_string() };
        ServicePage::reply(context, &slice, rows, total, cursor, ServiceView::from)
    })
    .await
}

fn filtered(connection: &DbConnection, query: &ListServicesQuery) -> services::BoxedQuery<'static, dialect::Backend> {
    let mut chosen = services::table.into_boxed();
    if let Some(sector) = &query.sector {
        chosen = chosen.filter(services::sector_code.eq(sector.clone()));
    }
    if let Some(organisation) = query.organisation {
        chosen = chosen.filter(services::organisation_id.eq(organisation));
    }
    if let Some(q) = &query.q {
        chosen = chosen.filter(dialect::SERVICE_TEXT.matches(connection, &search_words(q)));
    }
    chosen
}
