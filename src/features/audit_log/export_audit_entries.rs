//! The audit trail as a file, for auditors. It is read page by page while it is sent, so it may be of any size; that it
//! was taken is itself an entry of the trail.

use std::sync::Arc;

use actix_web::{HttpResponse, http::header, web::Bytes};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use futures_util::stream::try_unfold;
use serde::{Deserialize, Serialize};

use super::{
    entries::{AuditEntryView, with_links},
    export_formats::ExportFormat,
    filter::{Filter, Wanted},
};
use crate::platform::{
    audit::AuditEntryRow,
    clock::Timestamp,
    db::{Db, schema::audit_entries},
    error::AppError,
    ids::{AuditEntryId, ServiceAccountId, UserId},
    web::{Answer, Call, Reply},
};

/// How many entries are in memory at a time.
const AT_ONCE: i64 = 500;

/// Which entries, and how.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportAuditEntriesQuery {
    /// How the file is written; CSV unless told.
    #[param(inline)]
    pub format: Option<ExportFormat>,
    /// Those about this kind of record; together with `record_id`.
    #[param(min_length = 1, max_length = 60)]
    pub record_type: Option<String>,
    /// Those about this record; together with `record_type`.
    #[param(min_length = 1, max_length = 200)]
    pub record_id: Option<String>,
    /// Those of this person.
    #[param(inline)]
    pub actor_id: Option<UserId>,
    /// Those that this service account wrote in its owner's name.
    #[param(inline)]
    pub service_account_id: Option<ServiceAccountId>,
    /// Those of this operation.
    #[param(min_length = 1, max_length = 100)]
    pub operation: Option<String>,
    /// Those of the request with this `X-Request-Id`.
    #[param(min_length = 1, max_length = 128)]
    pub request_id: Option<String>,
    /// Those of this moment and later.
    #[param(format = "date-time", max_length = 40)]
    pub at_gte: Option<String>,
    /// Those before this moment.
    #[param(format = "date-time", max_length = 40)]
    pub at_lt: Option<String>,
}

/// Export audit entries.
///
/// The entries up to now as a file, the oldest first, each with its place in the chain and the hash of its link. CSV (RFC
/// 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe) or JSON Lines. The export is
/// itself written down in the trail. An answer that breaks off, without the end of its last chunk, is not whole.
#[utoipa::path(get, path = "/v1/audit-entries/export", tag = "Audit", params(ExportAuditEntriesQuery),
    responses((status = 200, description = "The file.", content(
        (String = "text/csv", example = "seq,at,actor_id,service_account_id,operation\r\n"),
        (String = "application/x-ndjson", example = "{\"seq\":1}\n")))))]
pub async fn export_audit_entries(call: Call) -> Answer {
    let query: ExportAuditEntriesQuery = call.query()?;
    let format = query.format.unwrap_or(ExportFormat::Csv);
    let filter = Filter::of(Wanted {
        record_type: query.record_type.clone(),
        record_id: query.record_id.clone(),
        actor_id: query.actor_id,
        service_account_id: query.service_account_id,
        operation: query.operation.clone(),
        request_id: query.request_id.clone(),
        at_gte: query.at_gte.clone(),
        at_lt: query.at_lt.clone(),
    })?;
    let now = call.now();
    call.write_reply(move |tx| {
        // The digest says which entries were taken.
        tx.audit("audit_export", format.as_str(), None, Some(&query))?;
        Ok(Reply::no_content())
    })
    .await?;
    let source = Source { db: call.state.db.clone(), filter: Arc::new(filter), format, until: now };
    let stream = try_unfold(Some((source, None)), |place| async move {
        let Some((source, after)) = place else { return Ok(None) };
        let (bytes, next) = source.page(after).await?;
        let next = next.map(|next| (source, Some(next)));
        Ok::<_, AppError>(Some((Bytes::from(bytes), next)))
    });
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"audit.{}\"", format.as_str())))
        .streaming(stream))
}

/// Where the pages come from.
struct Source {
    db: Db,
    filter: Arc<Filter>,
    format: ExportFormat,
    until: Timestamp,
}

type Place = (Timestamp, AuditEntryId);

impl Source {
    /// The next lines, and where to go on; `None` after the last ones.
    async fn page(&self, after: Option<Place>) -> Result<(Vec<u8>, Option<Place>), AppError> {
        let (filter, format, until) = (Arc::clone(&self.filter), self.format, self.until);
        self.db
            .read(move |connection| {
                let mut rest = filter.apply().filter(audit_entries::at.le(until));
                if let Some((at, id)) = after {
                    rest = rest
                        .filter(audit_entries::at.ge(at))
                        .filter(audit_entries::at.gt(at).or(audit_entries::id.gt(id)));
                }
                let rows: Vec<AuditEntryRow> = rest
                    .order((audit_entries::at, audit_entries::id))
                    .limit(AT_ONCE)
                    .select(AuditEntryRow::as_select())
                    .load(connection)?;
                let full = i64::try_from(rows.len()).is_ok_and(|count| count == AT_ONCE);
                let next = rows.last().filter(|_| full).map(|row| (row.at, row.id));
                let entries = with_links(connection, rows)?.into_iter().map(AuditEntryView::from).collect();
                let mut bytes = if after.is_none() { format.head()? } else { Vec::new() };
                bytes.extend(format.lines(entries)?);
                Ok((bytes, next))
            })
            .await
    }
}
