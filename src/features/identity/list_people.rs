//! The directory from which teams are put together: who works where. Addresses and roles stay with administrators.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    accounts::fold_email,
    rows::{UserRow, UserStatus},
};
use crate::platform::{
    db::{
        DbConnection,
        dialect::{self, Backend},
        schema::users,
    },
    ids::{OrganisationId, UserId},
    text::{LocalizedText, search_words},
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which people.
    ListPeopleQuery {
        /// Those who work in this organisation.
        #[param(inline)]
        organisation_id: Option<OrganisationId>,
        /// The one with exactly this address.
        #[param(min_length = 3, max_length = 254)]
        email: Option<String>,
        /// Those whose name, in Bangla or English, has these words; the last word may be only begun.
        #[param(min_length = 2, max_length = 200)]
        q: Option<String>,
    }
}

/// A person as colleagues see them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColleagueView {
    /// Their identifier.
    pub id: UserId,
    /// What people call them.
    pub name: LocalizedText,
    /// Their post; both languages may be null.
    pub designation: LocalizedText,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
}

page_view! {
    /// A page of people.
    ColleaguePage of ColleagueView
}

/// List people.
///
/// Those whose account is active, to be picked as members of a team. `q` finds them by name, `email` by the whole address.
#[utoipa::path(get, path = "/v1/people", tag = "Identity", params(ListPeopleQuery),
    responses((status = 200, description = "A page of people.", body = ColleaguePage)))]
pub async fn list_people(call: Call) -> Answer {
    let query: ListPeopleQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let total = slice.total(|most| {
            let all = filtered(connection, &query);
            all.select(users::id).limit(most).load::<UserId>(connection)
        })?;
        let mut rest = filtered(connection, &query);
        if let Some(after) = slice.after_id() {
            rest = rest.filter(users::id.gt(after));
        }
        let rows: Vec<UserRow> =
            rest.order(users::id).limit(slice.fetch()).select(UserRow::as_select()).load(connection)?;
        let cursor = |row: &UserRow| Cursor { key: String::new(), id: row.id.to_string() };
        ColleaguePage::reply(context, &slice, rows, total, cursor, |row| ColleagueView {
            id: row.id,
            name: LocalizedText::new(row.name_bn, row.name_en),
            designation: LocalizedText::new(row.designation_bn, row.designation_en),
            organisation_id: row.organisation_id,
        })
    })
    .await
}

fn filtered(connection: &DbConnection, query: &ListPeopleQuery) -> users::BoxedQuery<'static, Backend> {
    let mut chosen = users::table.filter(users::status.eq(UserStatus::Active)).into_boxed();
    if let Some(organisation) = query.organisation_id {
        chosen = chosen.filter(users::organisation_id.eq(organisation));
    }
    if let Some(email) = &query.email {
        chosen = chosen.filter(users::email.eq(fold_email(email)));
    }
    if let Some(q) = &query.q {
        chosen = chosen.filter(dialect::USER_TEXT.matches(connection, &search_words(q)));
    }
    chosen
}
