//! What an hour was said to be worth, year by year, with every correction.

use super::{
    basis::year_filter,
    time_values::{ValueOfTimeRow, ValueOfTimeView, page},
};
use crate::platform::web::{Answer, Call, Page, cursor::Cursor, page_query, page_view};

page_query! {
    /// Which values of time.
    ListValuesOfTimeQuery {
        /// Those of this fiscal year.
        #[param(min_length = 7, max_length = 7, pattern = "^20[0-9]{2}-[0-9]{2}$", example = "2025-26")]
        fiscal_year: Option<String>,
        /// Without those that were corrected.
        #[param(default = false)]
        only_current: Option<bool>,
    }
}

page_view! {
    /// A page of values of time.
    ValueOfTimePage of ValueOfTimeView
}

/// List values of time.
///
/// In the order of their recording, corrected ones included: the history is never changed.
#[utoipa::path(get, path = "/v1/values-of-time", tag = "Impact", params(ListValuesOfTimeQuery),
    responses((status = 200, description = "A page of values.", body = ValueOfTimePage)))]
pub async fn list_values_of_time(call: Call) -> Answer {
    let query: ListValuesOfTimeQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    let year = year_filter(query.fiscal_year.as_deref())?;
    let only_current = query.only_current == Some(true);
    call.read(move |connection, context| {
        let total = slice.total(|most| page(connection, year, only_current, None, most))?;
        let rows = page(connection, year, only_current, slice.after_id(), slice.fetch())?;
        let cursor = |(row, _): &(ValueOfTimeRow, bool)| Cursor { key: String::new(), id: row.id.to_string() };
        let logged_in = context.actor.is_some();
        ValueOfTimePage::reply(context, &slice, rows, total, cursor, |(row, is_current)| {
            ValueOfTimeView::new(row, is_current, logged_in)
        })
    })
    .await
}
