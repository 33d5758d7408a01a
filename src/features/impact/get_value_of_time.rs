//! One value of time, current or corrected.

use super::{
    ValueOfTimeId,
    time_values::{ValueOfTimeView, find},
};
use crate::platform::web::{Answer, Call, Reply};

/// Read a value of time.
///
/// With its source. Note and author are told to logged-in people.
#[utoipa::path(get, path = "/v1/values-of-time/{value_of_time_id}", tag = "Impact",
    responses((status = 200, description = "The value.", body = ValueOfTimeView)))]
pub async fn get_value_of_time(call: Call) -> Answer {
    let id = call.id("value_of_time_id", ValueOfTimeId::parse)?;
    call.read(move |connection, context| {
        let (row, is_current) = find(connection, id)?;
        // A correction changes what is shown, so it changes the tag.
        let version = if is_current { 1 } else { 2 };
        Reply::record(version, &ValueOfTimeView::new(row, is_current, context.actor.is_some()))
    })
    .await
}
