//! The outbox, the newest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::messages::{OutboxMessageRow, OutboxMessageView};
use crate::platform::{
    db::{dialect::Backend, schema::outbox_messages},
    error::{AppError, ErrorCode, FieldError},
    outbox::OutboxStatus,
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which messages.
    ListOutboxMessagesQuery {
        /// Those that stand so.
        #[param(inline)]
        status: Option<OutboxStatus>,
        /// Those of this topic; together with `status`.
        #[param(min_length = 1, max_length = 60)]
        topic: Option<String>,
    }
}

page_view! {
    /// A page of messages.
    OutboxMessagePage of OutboxMessageView
}

/// List messages of the outbox.
///
/// What leaves the program, the newest first: what waits, what was sent within the last seven days, what was given up
/// within the last ninety. Never what a message says. A `topic` needs a `status`.
#[utoipa::path(get, path = "/v1/outbox-messages", tag = "Operations", params(ListOutboxMessagesQuery),
    responses((status = 200, description = "A page of messages.", body = OutboxMessagePage)))]
pub async fn list_outbox_messages(call: Call) -> Answer {
    let query: ListOutboxMessagesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    if query.topic.is_some() && query.status.is_none() {
        return Err(AppError::new(ErrorCode::InvalidParameters).errors(vec![FieldError::parameter(
            "status",
            "required",
            "`topic` needs a `status`.",
            "বিষয়ের (`topic`) সঙ্গে অবস্থাও (`status`) দিতে হবে।",
        )]));
    }
    let after = slice.after.as_ref().map(position).transpose()?;
    call.read(move |connection, context| {
        let total =
            slice.total(|most| chosen(&query).select(outbox_messages::position).limit(most).load::<i64>(connection))?;
        let mut rest = chosen(&query);
        if let Some(position) = after {
            rest = rest.filter(outbox_messages::position.lt(position));
        }
        let rows: Vec<OutboxMessageRow> = rest
            .order(outbox_messages::position.desc())
            .limit(slice.fetch())
            .select(OutboxMessageRow::as_select())
            .load(connection)?;
        let cursor = |row: &OutboxMessageRow| Cursor { key: row.position.to_string(), id: row.id.to_string() };
        OutboxMessagePage::reply(context, &slice, rows, total, cursor, OutboxMessageView::from)
    })
    .await
}

fn position(cursor: &Cursor) -> Result<i64, AppError> {
    cursor.key.parse().map_err(|_| AppError::new(ErrorCode::InvalidCursor))
}

fn chosen(query: &ListOutboxMessagesQuery) -> outbox_messages::BoxedQuery<'static, Backend> {
    let mut chosen = outbox_messages::table.into_boxed();
    if let Some(status) = query.status {
        chosen = chosen.filter(outbox_messages::status.eq(status));
    }
    if let Some(topic) = &query.topic {
        chosen = chosen.filter(outbox_messages::topic.eq(topic.clone()));
    }
    chosen
}
