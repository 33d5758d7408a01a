//! The upazilas below the districts.
//!
//! ISO 3166-2 ends at the districts, so none come with the program: administrators import them, by the six-digit
//! geocodes of the Bangladesh Bureau of Statistics.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::codes::{self, CodePatch, CodeRow, Scheme, code_view};
use crate::platform::{
    db::{DbConnection, dialect, schema::codes as table},
    error::{AppError, ErrorCode},
    text::search_words,
    web::{Answer, Body, Call, Page, cursor::Cursor, page_query},
};

code_view! {
    /// An upazila.
    UpazilaView, UpazilaPage, "302672",
    /// The district it lies in.
    district_code
}

page_query! {
    /// Which of them.
    ListUpazilasQuery {
        /// Only those of this district.
        #[param(min_length = 1, max_length = 60)]
        district: Option<String>,
        /// Those whose name has these words, in Bangla or English; the last word may be only begun.
        #[param(min_length = 1, max_length = 200)]
        q: Option<String>,
    }
}

/// List upazilas.
///
/// In the order in which they were imported.
#[utoipa::path(get, path = "/v1/upazilas", tag = "Reference", params(ListUpazilasQuery),
    responses((status = 200, description = "A page of upazilas.", body = UpazilaPage)))]
pub async fn list_upazilas(call: Call) -> Answer {
    let query: ListUpazilasQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    let after: Option<i64> = match &slice.after {
        Some(cursor) => Some(cursor.key.parse().map_err(|_| AppError::new(ErrorCode::InvalidCursor))?),
        None => None,
    };
    call.read(move |connection, context| {
        let total = slice
            .total(|most| filtered(connection, &query).select(table::code).limit(most).load::<String>(connection))?;
        let mut rest = filtered(connection, &query);
        if let Some(after) = after {
            rest = rest.filter(table::position.gt(after));
        }
        let rows: Vec<CodeRow> =
            rest.order(table::position).limit(slice.fetch()).select(CodeRow::as_select()).load(connection)?;
        let cursor = |row: &CodeRow| Cursor { key: row.position.to_string(), id: row.code.clone() };
        UpazilaPage::reply(context, &slice, rows, total, cursor, UpazilaView::from)
    })
    .await
}

fn filtered(connection: &DbConnection, query: &ListUpazilasQuery) -> table::BoxedQuery<'static, dialect::Backend> {
    let mut chosen = table::table.filter(table::scheme.eq(Scheme::Upazila)).into_boxed();
    if let Some(district) = &query.district {
        chosen = chosen.filter(table::parent_code.eq(district.clone()));
    }
    if let Some(q) = &query.q {
        chosen = chosen.filter(dialect::UPAZILA_TEXT.matches(connection, &search_words(q)));
    }
    chosen
}

/// Read an upazila.
///
/// By its code.
#[utoipa::path(get, path = "/v1/upazilas/{upazila_code}", tag = "Reference",
    responses((status = 200, description = "The upazila.", body = UpazilaView)))]
pub async fn get_upazila(call: Call) -> Answer {
    codes::get::<UpazilaView>(call, Scheme::Upazila, "upazila_code").await
}

/// Change an upazila.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/upazilas/{upazila_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The upazila as it is now.", body = UpazilaView)))]
pub async fn update_upazila(call: Call, body: Body) -> Answer {
    codes::update::<UpazilaView>(call, body, Scheme::Upazila, "upazila_code").await
}
