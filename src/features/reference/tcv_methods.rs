//! How time, cost and visits are measured: versions of the method, each with its minimums.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    db::schema::tcv_methods,
    text::LocalizedText,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which part of the list.
    ListTcvMethodsQuery {}
}

/// A version of the method.
#[derive(Debug, Serialize, ToSchema)]
pub struct TcvMethodView {
    /// Its version, which a measurement names.
    #[schema(max_length = 60, example = "2026.1")]
    pub version: String,
    /// What people call it.
    pub name: LocalizedText,
    /// The smallest sample that counts.
    #[schema(minimum = 1)]
    pub minimum_sample_size: i32,
    /// The fewest days between baseline and endline.
    #[schema(minimum = 0)]
    pub minimum_days_between: i32,
}

page_view! {
    /// A page of versions.
    TcvMethodPage of TcvMethodView
}

/// List versions of the TCV method.
///
/// The oldest first.
#[utoipa::path(get, path = "/v1/tcv-methods", tag = "Reference", params(ListTcvMethodsQuery),
    responses((status = 200, description = "A page of versions.", body = TcvMethodPage)))]
pub async fn list_tcv_methods(call: Call) -> Answer {
    let query: ListTcvMethodsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let all = tcv_methods::table;
        let total = slice.total(|most| all.select(tcv_methods::version).limit(most).load::<String>(connection))?;
        let mut rest = all.into_boxed();
        if let Some(after) = slice.after_id() {
            rest = rest.filter(tcv_methods::version.gt(after));
        }
        let rows: Vec<(String, String, String, i32, i32)> =
            rest.order(tcv_methods::version).limit(slice.fetch()).load(connection)?;
        let cursor = |row: &(String, String, String, i32, i32)| Cursor { key: String::new(), id: row.0.clone() };
        TcvMethodPage::reply(context, &slice, rows, total, cursor, |row| {
            let (version, bn, en, minimum_sample_size, minimum_days_between) = row;
            let name = LocalizedText::new(Some(bn), Some(en));
            TcvMethodView { version, name, minimum_sample_size, minimum_days_between }
        })
    })
    .await
}
