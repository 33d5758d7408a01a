//! One line of the audit trail.

use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};

use super::entries::{AuditEntryView, with_links};
use crate::platform::{
    audit::AuditEntryRow,
    db::schema::audit_entries,
    error::{AppError, DatabaseIntent},
    ids::AuditEntryId,
    web::{Answer, Call, Reply},
};

/// Read an audit entry.
///
/// Entries never change; `seq` and `hash` are added when the entry is sealed.
#[utoipa::path(get, path = "/v1/audit-entries/{entry_id}", tag = "Audit",
    responses((status = 200, description = "The entry.", body = AuditEntryView)))]
pub async fn get_audit_entry(call: Call) -> Answer {
    let id = call.id("entry_id", AuditEntryId::parse)?;
    call.read(move |connection, _| {
        let row: AuditEntryRow =
            audit_entries::table.find(id).select(AuditEntryRow::as_select()).first(connection).or_not_found()?;
        let entry = with_links(connection, vec![row])?.pop().ok_or_else(AppError::not_found)?;
        // It changes once: when it is sealed.
        Reply::record(1 + i64::from(entry.link.is_some()), &AuditEntryView::from(entry))
    })
    .await
}
