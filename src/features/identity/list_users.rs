//! All accounts, for administrators and auditors.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    accounts::{Account, fold_email, with_roles},
    rows::{UserRow, UserStatus},
    user_lifecycle::allowed_actions,
    user_view::UserView,
};
use crate::platform::{
    auth::Role,
    db::{
        DbConnection,
        schema::{user_roles, users},
    },
    ids::{OrganisationId, UserId},
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which accounts.
    ListUsersQuery {
        /// Those of this status.
        #[param(inline)]
        status: Option<UserStatus>,
        /// Those who hold this role.
        #[param(inline)]
        role: Option<Role>,
        /// Those who work in this organisation.
        #[param(inline)]
        organisation_id: Option<OrganisationId>,
        /// The one with exactly this address.
        #[param(min_length = 3, max_length = 254)]
        email: Option<String>,
    }
}

page_view! {
    /// A page of accounts.
    UserPage of UserView
}

/// List accounts.
///
/// In the order of their making.
#[utoipa::path(get, path = "/v1/users", tag = "Users", params(ListUsersQuery),
    responses((status = 200, description = "A page of accounts.", body = UserPage)))]
pub async fn list_users(call: Call) -> Answer {
    let query: ListUsersQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let total = slice.total(|most| ids(connection, &query, None, most))?;
        let page = ids(connection, &query, slice.after_id(), slice.fetch())?;
        let rows: Vec<UserRow> = users::table
            .filter(users::id.eq_any(page))
            .order(users::id)
            .select(UserRow::as_select())
            .load(connection)?;
        let accounts = with_roles(connection, rows)?;
        let cursor = |account: &Account| Cursor { key: String::new(), id: account.user.id.to_string() };
        UserPage::reply(context, &slice, accounts, total, cursor, |account| {
            let allowed = allowed_actions(actor, &account);
            UserView::new(account, allowed)
        })
    })
    .await
}

/// The identifiers in order. Behind a role they are read from the index of roles, so that neither a rare role nor a
/// common one has to be searched for.
fn ids(
    connection: &mut DbConnection,
    query: &ListUsersQuery,
    after: Option<String>,
    limit: i64,
) -> diesel::QueryResult<Vec<UserId>> {
    macro_rules! narrowed {
        ($all:expr, $id:expr) => {{
            let mut chosen = $all;
            if let Some(status) = query.status {
                chosen = chosen.filter(users::status.eq(status));
            }
            if let Some(organisation) = query.organisation_id {
                chosen = chosen.filter(users::organisation_id.eq(organisation));
            }
            if let Some(email) = &query.email {
                chosen = chosen.filter(users::email.eq(fold_email(email)));
            }
            if let Some(after) = after {
                chosen = chosen.filter($id.gt(after));
            }
            chosen.order($id).limit(limit).select($id).load(connection)
        }};
    }
    match query.role {
        None => narrowed!(users::table.into_boxed(), users::id),
        Some(role) => narrowed!(
            user_roles::table.inner_join(users::table).filter(user_roles::role.eq(role)).into_boxed(),
            user_roles::user_id
        ),
    }
}
