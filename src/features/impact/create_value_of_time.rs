//! Recording what an hour of a citizen is worth in a fiscal year.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into};

use super::{
    basis::begun_year,
    time_values::{CreateValueOfTimeRequest, ValueOfTimeRow, ValueOfTimeView},
};
use crate::platform::{
    clock::Timestamp,
    db::schema::values_of_time,
    error::AppError,
    web::{Answer, Body, Call, Reply, Tx},
};

/// Record a value of time.
///
/// What an hour of a citizen is worth in a fiscal year, with its source. If the year has one already, this corrects it:
/// the older revisions stay on record.
#[utoipa::path(post, path = "/v1/values-of-time", tag = "Impact", request_body = CreateValueOfTimeRequest,
    responses((status = 201, description = "The value that counts from now on.", body = ValueOfTimeView)))]
pub async fn create_value_of_time(call: Call, body: Body) -> Answer {
    let request: CreateValueOfTimeRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, &request)).await
}

fn run(tx: &mut Tx<'_>, request: &CreateValueOfTimeRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let year = begun_year(&request.fiscal_year, tx.now.day_in_dhaka())
        .map_err(|error| AppError::validation(vec![error]))?
        .begins_in();
    let before: Option<(i64, Timestamp)> = values_of_time::table
        .filter(values_of_time::fiscal_year.eq(year))
        .order(values_of_time::revision.desc())
        .select((values_of_time::revision, values_of_time::recorded_at))
        .first(tx.conn)
        .optional()?;
    let row = ValueOfTimeRow {
        id: tx.new_id(),
        fiscal_year: year,
        revision: before.map_or(1, |(revision, _)| revision + 1),
        per_hour: request.per_hour.poisha(),
        source: request.source.clone(),
        note: request.note.clone(),
        recorded_by: actor.user_id,
        recorded_at: before.map_or(tx.now, |(_, at)| at.max(tx.now)),
    };
    insert_into(values_of_time::table).values(&row).execute(tx.conn)?;
    tx.audit("value_of_time", row.id.as_str(), None, Some(&row))?;
    Reply::created(format!("/v1/values-of-time/{}", row.id), 1, &ValueOfTimeView::new(row, true, true))
}
