//! One message of the outbox.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::messages::{OutboxMessageRow, OutboxMessageView};
use crate::platform::{
    db::schema::outbox_messages,
    error::DatabaseIntent,
    ids::OutboxMessageId,
    web::{Answer, Call, Reply},
};

/// Read a message of the outbox.
///
/// Without what it says, which may be a secret.
#[utoipa::path(get, path = "/v1/outbox-messages/{message_id}", tag = "Operations",
    responses((status = 200, description = "The message.", body = OutboxMessageView)))]
pub async fn get_outbox_message(call: Call) -> Answer {
    let id = call.id("message_id", OutboxMessageId::parse)?;
    call.read(move |connection, _| {
        let row: OutboxMessageRow = outbox_messages::table
            .filter(outbox_messages::id.eq(id))
            .select(OutboxMessageRow::as_select())
            .first(connection)
            .or_not_found()?;
        // Each attempt raises the count, and the end comes after the last one.
        let version = i64::from(row.attempts) * 2 + i64::from(row.finished_at.is_some()) + 1;
        Reply::record(version, &OutboxMessageView::from(row))
    })
    .await
}
