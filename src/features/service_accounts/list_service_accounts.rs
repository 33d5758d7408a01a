//! One's own service accounts; all of them for administrators and auditors.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{access::OVERSEERS, rows::ServiceAccountRow, status::ServiceAccountStatus, view::ServiceAccountView};
use crate::platform::{
    db::{dialect::Backend, schema::service_accounts},
    ids::{ServiceAccountId, UserId},
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which service accounts.
    ListServiceAccountsQuery {
        /// Those of this person.
        #[param(inline)]
        owner_id: Option<UserId>,
        /// Those of this status.
        #[param(inline)]
        status: Option<ServiceAccountStatus>,
    }
}

page_view! {
    /// A page of service accounts.
    ServiceAccountPage of ServiceAccountView
}

/// List service accounts.
///
/// One's own; administrators and auditors see all. In the order of their making.
#[utoipa::path(get, path = "/v1/service-accounts", tag = "Service accounts", params(ListServiceAccountsQuery),
    responses((status = 200, description = "A page of service accounts.", body = ServiceAccountPage)))]
pub async fn list_service_accounts(call: Call) -> Answer {
    let query: ListServiceAccountsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let own = (!actor.roles.has_any(OVERSEERS)).then_some(actor.user_id);
        let total = slice.total(|most| {
            let ids = chosen(&query, own).select(service_accounts::id).limit(most);
            ids.load::<ServiceAccountId>(connection)
        })?;
        let mut rest = chosen(&query, own);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(service_accounts::id.gt(after));
        }
        let rows: Vec<ServiceAccountRow> = rest
            .order(service_accounts::id)
            .limit(slice.fetch())
            .select(ServiceAccountRow::as_select())
            .load(connection)?;
        let cursor = |row: &ServiceAccountRow| Cursor { key: String::new(), id: row.id.to_string() };
        ServiceAccountPage::reply(context, &slice, rows, total, cursor, |row| ServiceAccountView::new(row, actor))
    })
    .await
}

fn chosen(query: &ListServiceAccountsQuery, own: Option<UserId>) -> service_accounts::BoxedQuery<'static, Backend> {
    let mut chosen = service_accounts::table.into_boxed();
    for owner in [own, query.owner_id].into_iter().flatten() {
        chosen = chosen.filter(service_accounts::owner_id.eq(owner));
    }
    if let Some(status) = query.status {
        chosen = chosen.filter(service_accounts::status.eq(status));
    }
    chosen
}
