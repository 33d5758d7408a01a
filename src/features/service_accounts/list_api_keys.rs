//! The keys of a service account, those of the past too.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{access::see, rows::ApiKeyRow, view::ApiKeyView};
use crate::platform::{
    db::schema::api_keys,
    ids::{ApiKeyId, ServiceAccountId},
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which part of the list.
    ListApiKeysQuery {}
}

page_view! {
    /// A page of API keys.
    ApiKeyPage of ApiKeyView
}

/// List the keys of a service account.
///
/// In the order of their making, expired and revoked ones too. Of each only the beginning is known.
#[utoipa::path(get, path = "/v1/service-accounts/{service_account_id}/keys", tag = "Service accounts",
    params(ListApiKeysQuery), responses((status = 200, description = "A page of keys.", body = ApiKeyPage)))]
pub async fn list_api_keys(call: Call) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    let query: ListApiKeysQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        see(connection, context.actor.as_ref(), id)?;
        let all = || api_keys::table.filter(api_keys::service_account_id.eq(id)).into_boxed();
        let total = slice.total(|most| all().select(api_keys::id).limit(most).load::<ApiKeyId>(connection))?;
        let mut rest = all();
        if let Some(after) = slice.after_id() {
            rest = rest.filter(api_keys::id.gt(after));
        }
        let rows: Vec<ApiKeyRow> =
            rest.order(api_keys::id).limit(slice.fetch()).select(ApiKeyRow::as_select()).load(connection)?;
        let cursor = |row: &ApiKeyRow| Cursor { key: String::new(), id: row.id.to_string() };
        ApiKeyPage::reply(context, &slice, rows, total, cursor, ApiKeyView::from)
    })
    .await
}
