//! The audit trail, the newest first. Each filter has an index that ends in that order.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    entries::{AuditEntryView, ChainedEntry, with_links},
    filter::{Filter, Wanted},
};
use crate::platform::{
    audit::AuditEntryRow,
    clock::Timestamp,
    db::schema::audit_entries,
    error::{AppError, ErrorCode},
    ids::{AuditEntryId, ServiceAccountId, UserId},
    web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
};

page_query! {
    /// Which entries.
    ListAuditEntriesQuery {
        /// Those about this kind of record; together with `record_id`.
        #[param(min_length = 1, max_length = 60)]
        record_type: Option<String>,
        /// Those about this record; together with `record_type`.
        #[param(min_length = 1, max_length = 200)]
        record_id: Option<String>,
        /// Those of this person.
        #[param(inline)]
        actor_id: Option<UserId>,
        /// Those that this service account wrote in its owner's name.
        #[param(inline)]
        service_account_id: Option<ServiceAccountId>,
        /// Those of this operation.
        #[param(min_length = 1, max_length = 100)]
        operation: Option<String>,
        /// Those of the request with this `X-Request-Id`.
        #[param(min_length = 1, max_length = 128)]
        request_id: Option<String>,
        /// Those of this moment and later.
        #[param(format = "date-time", max_length = 40)]
        at_gte: Option<String>,
        /// Those before this moment.
        #[param(format = "date-time", max_length = 40)]
        at_lt: Option<String>,
    }
}

page_view! {
    /// A page of audit entries.
    AuditEntryPage of AuditEntryView
}

/// List audit entries.
///
/// The newest first. `record_type` and `record_id` name one record and go together.
#[utoipa::path(get, path = "/v1/audit-entries", tag = "Audit", params(ListAuditEntriesQuery),
    responses((status = 200, description = "A page of audit entries.", body = AuditEntryPage)))]
pub async fn list_audit_entries(call: Call) -> Answer {
    let query: ListAuditEntriesQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    let filter = Filter::of(Wanted {
        record_type: query.record_type,
        record_id: query.record_id,
        actor_id: query.actor_id,
        service_account_id: query.service_account_id,
        operation: query.operation,
        request_id: query.request_id,
        at_gte: query.at_gte,
        at_lt: query.at_lt,
    })?;
    let after = slice.after.as_ref().map(position).transpose()?;
    call.read(move |connection, context| {
        let total = slice
            .total(|most| filter.apply().select(audit_entries::id).limit(most).load::<AuditEntryId>(connection))?;
        let mut rest = filter.apply();
        if let Some((at, id)) = after {
            // The first half alone lets the index find the place.
            rest = rest.filter(audit_entries::at.le(at)).filter(audit_entries::at.lt(at).or(audit_entries::id.lt(id)));
        }
        let rows: Vec<AuditEntryRow> = rest
            .order((audit_entries::at.desc(), audit_entries::id.desc()))
            .limit(slice.fetch())
            .select(AuditEntryRow::as_select())
            .load(connection)?;
        let rows = with_links(connection, rows)?;
        let cursor =
            |entry: &ChainedEntry| Cursor { key: entry.row.at.millis().to_string(), id: entry.row.id.to_string() };
        AuditEntryPage::reply(context, &slice, rows, total, cursor, AuditEntryView::from)
    })
    .await
}

fn position(cursor: &Cursor) -> Result<(Timestamp, AuditEntryId), AppError> {
    let millis = cursor.key.parse().ok().map(Timestamp::from_millis);
    millis.zip(AuditEntryId::parse(&cursor.id)).ok_or_else(|| AppError::new(ErrorCode::InvalidCursor))
}
