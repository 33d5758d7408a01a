//! The audit trail, the newest first. Each filter has an index that ends in that order.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::entries::{AuditEntryRow, AuditEntryView};
use crate::platform::{
    clock::Timestamp,
    db::{dialect::Backend, schema::audit_entries},
    error::{AppError, ErrorCode, FieldError},
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
    let filter = Filter::of(query)?;
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
        let cursor = |row: &AuditEntryRow| Cursor { key: row.at.millis().to_string(), id: row.id.to_string() };
        AuditEntryPage::reply(context, &slice, rows, total, cursor, AuditEntryView::from)
    })
    .await
}

fn position(cursor: &Cursor) -> Result<(Timestamp, AuditEntryId), AppError> {
    let millis = cursor.key.parse().ok().map(Timestamp::from_millis);
    millis.zip(AuditEntryId::parse(&cursor.id)).ok_or_else(|| AppError::new(ErrorCode::InvalidCursor))
}

struct Filter {
    record: Option<(String, String)>,
    actor: Option<UserId>,
    service_account: Option<ServiceAccountId>,
    operation: Option<String>,
    from: Option<Timestamp>,
    before: Option<Timestamp>,
}

impl Filter {
    fn of(query: ListAuditEntriesQuery) -> Result<Self, AppError> {
        let mut errors = Vec::new();
        let mut moment = |name: &str, text: Option<String>| {
            let read = text.as_deref().map(Timestamp::parse);
            if read == Some(None) {
                errors.push(FieldError::parameter(name, "format", "This is not a date-time.", "এটি সঠিক সময় নয়।"));
            }
            read.flatten()
        };
        let (from, before) = (moment("at_gte", query.at_gte), moment("at_lt", query.at_lt));
        let lonely = match (&query.record_type, &query.record_id) {
            (Some(_), None) => Some("record_id"),
            (None, Some(_)) => Some("record_type"),
            _ => None,
        };
        if let Some(name) = lonely {
            errors.push(FieldError::parameter(
                name,
                "required",
                "`record_type` and `record_id` go together.",
                "`record_type` ও `record_id` একসঙ্গে দিতে হবে।",
            ));
        }
        if !errors.is_empty() {
            return Err(AppError::new(ErrorCode::InvalidParameters).errors(errors));
        }
        let record = query.record_type.zip(query.record_id);
        Ok(Self {
            record,
            actor: query.actor_id,
            service_account: query.service_account_id,
            operation: query.operation,
            from,
            before,
        })
    }

    fn apply(&self) -> audit_entries::BoxedQuery<'static, Backend> {
        let mut chosen = audit_entries::table.into_boxed();
        if let Some((kind, id)) = &self.record {
            chosen = chosen
                .filter(audit_entries::record_type.eq(kind.clone()))
                .filter(audit_entries::record_id.eq(id.clone()));
        }
        if let Some(actor) = self.actor {
            chosen = chosen.filter(audit_entries::actor_id.eq(actor));
        }
        if let Some(account) = self.service_account {
            chosen = chosen.filter(audit_entries::service_account_id.eq(account));
        }
        if let Some(operation) = &self.operation {
            chosen = chosen.filter(audit_entries::operation.eq(operation.clone()));
        }
        if let Some(from) = self.from {
            chosen = chosen.filter(audit_entries::at.ge(from));
        }
        if let Some(before) = self.before {
            chosen = chosen.filter(audit_entries::at.lt(before));
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_record_is_refused() {
        let query = ListAuditEntriesQuery { record_type: Some("user".into()), ..ListAuditEntriesQuery::default() };
        assert!(Filter::of(query).is_err_and(|error| error.code == ErrorCode::InvalidParameters));
        let query = ListAuditEntriesQuery { at_gte: Some("yesterday".into()), ..ListAuditEntriesQuery::default() };
        assert!(Filter::of(query).is_err_and(|error| error.errors.len() == 1));
    }
}
