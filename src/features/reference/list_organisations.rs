//! The organisations, in the order of their making.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::organisations::{OrganisationKind, OrganisationRow, OrganisationView};
use crate::platform::{
    db::{DbConnection, dialect, schema::organisations},
    ids::OrganisationId,
    text::search_words,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which organisations.
    ListOrganisationsQuery {
        /// Those directly below this one.
        #[param(inline)]
        parent_id: Option<OrganisationId>,
        /// Those of this kind.
        #[param(inline)]
        kind: Option<OrganisationKind>,
        /// Those in this district.
        #[param(min_length = 1, max_length = 60)]
        district: Option<String>,
        /// Those whose name has these words, in Bangla or English; the last word may be only begun.
        #[param(min_length = 1, max_length = 200)]
        q: Option<String>,
    }
}

page_view! {
    /// A page of organisations.
    OrganisationPage of OrganisationView
}

/// List organisations.
///
/// In the order of their making.
#[utoipa::path(get, path = "/v1/organisations", tag = "Reference", params(ListOrganisationsQuery),
    responses((status = 200, description = "A page of organisations.", body = OrganisationPage)))]
pub async fn list_organisations(call: Call) -> Answer {
    let query: ListOrganisationsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let total = slice.total(|most| {
            let all = filtered(connection, &query);
            all.select(organisations::id).limit(most).load::<OrganisationId>(connection)
        })?;
        let mut rest = filtered(connection, &query);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(organisations::id.gt(after));
        }
        let rows: Vec<OrganisationRow> =
            rest.order(organisations::id).limit(slice.fetch()).select(OrganisationRow::as_select()).load(connection)?;
        let cursor = |row: &OrganisationRow| Cursor { key: String::new(), id: row.id.to_string() };
        OrganisationPage::reply(context, &slice, rows, total, cursor, OrganisationView::from)
    })
    .await
}

fn filtered(
    connection: &DbConnection,
    query: &ListOrganisationsQuery,
) -> organisations::BoxedQuery<'static, dialect::Backend> {
    let mut chosen = organisations::table.into_boxed();
    if let Some(parent) = query.parent_id {
        chosen = chosen.filter(organisations::parent_id.eq(parent));
    }
    if let Some(kind) = query.kind {
        chosen = chosen.filter(organisations::kind.eq(kind));
    }
    if let Some(district) = &query.district {
        chosen = chosen.filter(organisations::district_code.eq(district.clone()));
    }
    if let Some(q) = &query.q {
        chosen = chosen.filter(dialect::ORGANISATION_TEXT.matches(connection, &search_words(q)));
    }
    chosen
}
